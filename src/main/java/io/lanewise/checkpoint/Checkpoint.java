package io.lanewise.checkpoint;

import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.memory.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model folder holds: the settings of its config.json, and the tensors of its weight files,
 * listed but not read.
 *
 * <pre>{@code
 * try (var checkpoint = Checkpoint.open(Path.of("albert-base-v2"))) {
 *   System.out.println(checkpoint.config().text("model_type", "unknown"));
 *   for (var tensor : checkpoint.tensors()) {
 *     System.out.println(tensor.name() + " " + tensor.dtype() + tensor.shape());
 *   }
 * }
 * }</pre>
 *
 * <p>The folder is read as it was downloaded or saved. Of the weights the first that is there is
 * taken: {@code model.safetensors}, {@code flax_model.msgpack}, {@code tf_model.h5}, {@code
 * pytorch_model.bin}; each may also be several files with an index, such as {@code
 * model.safetensors.index.json}. Tensors have PyTorch's names and layout whatever the format. A
 * pickle is read last and without being run: it can hold tensors and nothing else.
 *
 * <p>Models are loaded from folders by {@code Model.load}, which needs no checkpoint opened.
 */
public final class Checkpoint implements AutoCloseable {
  private final OpenedFolder opened;
  private final Region region;

  private Checkpoint(OpenedFolder opened, Region region) {
    this.opened = opened;
    this.region = region;
  }

  /**
   * Opens a folder.
   *
   * @throws io.lanewise.CheckpointException if the folder or one of its files is missing or broken
   */
  public static Checkpoint open(Path folder) {
    var region = Region.open();
    boolean done = false;
    try {
      var checkpoint = new Checkpoint(OpenedFolder.open(folder, Loading.MAP, region), region);
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        region.close();
      }
    }
  }

  /**
   * The settings of a folder's config.json, without its weights.
   *
   * @throws io.lanewise.CheckpointException if the folder or its config.json is missing or broken
   */
  public static Config config(Path folder) {
    return Config.read(ModelFolder.require(folder, ModelFolder.CONFIG));
  }

  /**
   * The settings of a folder's generation_config.json; empty if it has none.
   *
   * @throws io.lanewise.CheckpointException if the file is broken
   */
  public static Optional<Config> generation(Path folder) {
    var file = folder.resolve("generation_config.json");
    return Files.exists(file) ? Optional.of(Config.read(file)) : Optional.empty();
  }

  /** The folder. */
  public Path folder() {
    return opened.folder();
  }

  /** The settings of config.json. */
  public Config config() {
    return opened.config();
  }

  /**
   * What holds the weights: {@code safetensors}, {@code flax}, {@code tensorflow} or {@code
   * pytorch}.
   */
  public String format() {
    return opened.format();
  }

  /** The weight files, relative to the folder. */
  public List<String> files() {
    return opened.files();
  }

  /** All tensors of all files, in the order of the files. */
  public List<TensorInfo> tensors() {
    return opened.tensors();
  }

  /** Bytes that all tensors take in the files. */
  public long totalBytes() {
    return opened.totalBytes();
  }

  /** Closes the files. */
  @Override
  public void close() {
    opened.close();
    region.close();
  }
}
