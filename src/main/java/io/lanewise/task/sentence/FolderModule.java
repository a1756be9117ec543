package io.lanewise.task.sentence;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.task.text.TextModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One module of a folder of sentence-transformers.
 *
 * @param where what messages call it
 * @param type the class name alone; its packages have changed over time
 * @param path the folder of its files
 */
record FolderModule(String where, String type, Path path) {
  static final String LIST = "modules.json";

  /** Each is loaded for itself, and one folder could be named again and again. */
  static final int MOST = 64;

  /**
   * What {@code modules.json} lists, in its order; at least one.
   *
   * @throws CheckpointException if it is missing, broken, or too long
   */
  static List<FolderModule> list(Path folder) {
    var list = folder.resolve(LIST);
    var entries = Json.read(list);
    if (!entries.isArray() || entries.isEmpty()) {
      throw new CheckpointException(list + ": a list of a Transformer and more is needed");
    }
    if (entries.size() > MOST) {
      throw new CheckpointException(
          "%s lists %d modules, at most %d are possible: is it another file?"
              .formatted(list, entries.size(), MOST));
    }
    return IntStream.range(0, entries.size())
        .mapToObj(i -> of(folder, entries.get(i), list + ": module " + i))
        .toList();
  }

  /** Where the first module lies; the folder itself if the list is none. */
  static Path first(Path folder) {
    var list = folder.resolve(LIST);
    var entries = Json.read(list);
    return entries.isArray() && !entries.isEmpty()
        ? of(folder, entries.get(0), list + ": module 0").path()
        : folder;
  }

  /** Whether a folder lists modules. */
  static boolean areIn(Path folder) {
    return Files.exists(folder.resolve(LIST));
  }

  private static FolderModule of(Path folder, JsonNode node, String where) {
    var entry = JsonConfig.of(node, where);
    var type = lastName(entry.text("type", ""));
    return new FolderModule(where, type, inside(folder, entry, entry.text("path", "")));
  }

  /** The class name without its packages. */
  static String lastName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** Whether it is a model of transformers. Earlier versions had a class for each family. */
  boolean isTransformer() {
    return switch (type) {
      case "Transformer",
          "MLMTransformer",
          "BERT",
          "RoBERTa",
          "ALBERT",
          "CamemBERT",
          "XLMRoBERTa" ->
          true;
      default -> false;
    };
  }

  boolean is(String name) {
    return type.equals(name);
  }

  CheckpointException wrong(String why) {
    return new CheckpointException(
        "%s is of type %s: %s".formatted(where, TextModel.excerpt(type), why));
  }

  /**
   * The path below the folder. The folder itself is taken as it was given: it may be {@code .}, and
   * steps over links in it lead where the system says.
   */
  static Path inside(Path folder, Config entry, String path) {
    Path inner;
    try {
      inner = Path.of(path).normalize();
    } catch (InvalidPathException e) {
      throw entry.wrong("path", "it is no path: " + e.getMessage());
    }
    if (inner.getRoot() != null || inner.startsWith("..")) {
      throw entry.wrong("path", TextModel.excerpt(path) + " leaves the folder");
    }
    return inner.toString().isEmpty() ? folder : folder.resolve(inner);
  }
}
