package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files of a model folder, and words the errors for missing ones. */
public final class ModelFolder {
  private static final List<String> WEIGHT_ENDINGS =
      List.of(".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".msgpack", ".onnx", ".gguf");
  public static final String CONFIG = "config.json";
  private static final int SHOWN = 6;

  private ModelFolder() {}

  /**
   * The path of a required file.
   *
   * @throws CheckpointException if the folder or the file does not exist
   */
  public static Path require(Path folder, String name) {
    check(folder);
    var file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw new CheckpointException(
          "there is no "
              + name
              + " in "
              + folder
              + (name.equals(CONFIG) ? suggestion(folder) : ""));
    }
    return file;
  }

  private static void check(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (Files.exists(folder)) {
      throw new CheckpointException(
          folder + " is a file: give the folder that holds config.json and the weights");
    }
    throw new CheckpointException(
        "there is no folder "
            + (folder.toString().isEmpty() ? "with an empty name" : folder)
            + ": give the folder that holds config.json and the weights");
  }

  private static String suggestion(Path folder) {
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        if (Files.exists(entry.resolve(CONFIG))) {
          return ", but in " + entry;
        }
      }
    } catch (IOException e) {
      // no suggestion is possible
    }
    return ": it is no model folder";
  }

  /** The error for a folder without any of these weight files. */
  static CheckpointException noWeights(Path folder, List<String> lookedFor) {
    var found = weightFiles(folder);
    return new CheckpointException(
        "there are no weights in "
            + folder
            + ": looked for "
            + String.join(", ", lookedFor)
            + (found.isEmpty() ? "" : "; there is " + String.join(", ", found)));
  }

  private static List<String> weightFiles(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(ModelFolder::endsLikeWeights)
          .sorted()
          .limit(SHOWN)
          .map(FileExcerpt::of)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether a file has the name of a weight file, in a supported format or not. */
  public static boolean endsLikeWeights(String name) {
    return WEIGHT_ENDINGS.stream().anyMatch(name::endsWith);
  }
}
