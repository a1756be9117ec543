package io.lanewise.checkpoint.folder;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.ModelFolder;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What lies in a model folder beside its config.json and its weights: tokenizers, the modules of
 * sentence-transformers with weights of their own, chat templates, cards.
 */
public final class Companions {
  /**
   * Hugging Face's and others' names of weights, and of what training leaves. The heads of BGE-M3
   * are no weights of the model.
   */
  private static final Pattern WEIGHTS =
      Pattern.compile(
          "(?!adapter_|training_args|(?:sparse|colbert)_linear\\.pt).*\\.(safetensors|bin|pt|pth|ckpt|h5|hdf5|msgpack|ot|onnx"
              + "|onnx_data|gguf|ggml|tflite|mlmodel)(\\.index\\.json)?|openvino_model\\.xml");

  /** The model again in other formats, which would not agree with weights that were changed. */
  private static final Set<String> EXPORTS =
      Set.of("onnx", "openvino", "coreml", "tflite", "gguf", "saved_model");

  private static final Set<String> CACHES =
      Set.of(".git", ".cache", ".huggingface", ".ipynb_checkpoints", "__pycache__", ".DS_Store");

  private static final Pattern TRAINING = Pattern.compile("checkpoint-\\d+");
  private static final int DEEPEST = 16;

  private Companions() {}

  /**
   * The files to copy with a model, by their places in the folder. Links are followed, as those of
   * the Hub's cache have to be. Left out are the weights in the model's own folder in any format,
   * folders with exports of it ({@code onnx} and the like), states of training, and caches.
   *
   * @param folder all of it
   * @param model the folder in it that holds config.json and the weights, or itself
   * @param except a folder that is not looked into; it need not be there
   * @throws CheckpointException if the folder cannot be read, or a link leads in a circle
   */
  public static SortedMap<Path, Path> of(Path folder, Path model, Path except) {
    var files = new TreeMap<Path, Path>();
    var skipped = except.toAbsolutePath().normalize();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          DEEPEST,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              boolean root = dir.equals(folder);
              boolean left =
                  !root && (isLeftOut(dir) || dir.toAbsolutePath().normalize().equals(skipped));
              return left ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !isOfModel(file, model) && !isLeftOut(file)) {
                files.put(folder.relativize(file), file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new CheckpointException(
          folder + " cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
    return files;
  }

  private static boolean isOfModel(Path file, Path model) {
    var name = String.valueOf(file.getFileName());
    return model.equals(file.getParent())
        && (name.equals(ModelFolder.CONFIG) || WEIGHTS.matcher(name).matches());
  }

  private static boolean isLeftOut(Path file) {
    var name = String.valueOf(file.getFileName());
    return CACHES.contains(name) || EXPORTS.contains(name) || TRAINING.matcher(name).matches();
  }

  /** These files alone, each to the top of the folder. */
  static SortedMap<Path, Path> flat(List<Path> files) {
    var map = new TreeMap<Path, Path>();
    files.forEach(file -> map.put(file.getFileName(), file));
    return map;
  }
}
