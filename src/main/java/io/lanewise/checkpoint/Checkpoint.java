package io.lanewise.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.checkpoint.format.WeightFiles;
import io.lanewise.checkpoint.format.WeightFormat;
import io.lanewise.checkpoint.weights.CurrentNames;
import io.lanewise.checkpoint.weights.Int8Weights;
import io.lanewise.checkpoint.weights.SavedTensors;
import io.lanewise.checkpoint.weights.TruncatedNormal;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A model folder: config.json and the tensors of its weight files, listed but not read.
 *
 * <p>The folder is read as it was downloaded or saved. Of the weights the first that is there is
 * taken: {@code model.safetensors}, {@code flax_model.msgpack}, {@code tf_model.h5}, {@code
 * pytorch_model.bin}; each may also be several files with an index, such as {@code
 * model.safetensors.index.json}. Tensors have PyTorch's names and layout whatever the format. A
 * pickle is read last and without being run: it can hold tensors and nothing else.
 *
 * <p>Closing ends the loading. What {@link Weights} gave stays alive as long as the region.
 */
public final class Checkpoint implements AutoCloseable {
  /** How the bytes of the weight files come into memory. */
  public enum Loading {
    /**
     * Mapped: pages are read when touched, and shared with other processes. A file truncated in
     * place while it is mapped can kill the JVM; replacing it by renaming another is safe.
     */
    MAP,
    /**
     * Read piece by piece, each to where it is needed: immune to what happens to the file once the
     * model is loaded.
     */
    COPY
  }

  private final Path folder;
  private final Config config;
  private final WeightFiles files;
  private final Region region;

  private Checkpoint(Path folder, Config config, WeightFiles files, Region region) {
    this.folder = folder;
    this.config = config;
    this.files = files;
    this.region = region;
  }

  /**
   * Opens a folder; memory (mapped or read) lives in {@code region}.
   *
   * @throws io.lanewise.CheckpointException if the folder or one of its files is missing or broken
   */
  public static Checkpoint open(Path folder, Loading loading, Region region) {
    return open(folder, config(folder), loading, region);
  }

  /** The same with the settings of config.json, which have been read. */
  public static Checkpoint open(Path folder, Config config, Loading loading, Region region) {
    checkReadable(config);
    return new Checkpoint(folder, config, WeightFiles.open(folder, loading, region), region);
  }

  /**
   * Opens a folder, with the weights of this file in it whatever others there are.
   *
   * @param weights the name of a file, or of the index of several; its ending tells the format:
   *     {@code .safetensors}, {@code .msgpack}, {@code .h5}, {@code .bin}, {@code .pt}
   * @throws io.lanewise.CheckpointException if the folder or one of its files is missing or broken
   */
  public static Checkpoint open(Path folder, String weights, Loading loading, Region region) {
    return open(folder, config(folder), weights, loading, region);
  }

  /** The same with the settings of config.json, which have been read. */
  public static Checkpoint open(
      Path folder, Config config, String weights, Loading loading, Region region) {
    checkReadable(config);
    ModelFolder.require(folder, weights);
    return new Checkpoint(
        folder, config, WeightFiles.open(folder, weights, loading, region), region);
  }

  /** Refuses weights that were quantised in a way that is not known here. */
  private static void checkReadable(Config config) {
    boolean _ = Int8Weights.areNoted(config);
  }

  /**
   * The settings of a folder's config.json, without its weights.
   *
   * @throws io.lanewise.CheckpointException if the folder or its config.json is missing or broken
   */
  public static Config config(Path folder) {
    return Config.read(ModelFolder.require(folder, ModelFolder.CONFIG));
  }

  /** Whether a folder holds weights by a name that {@link #open} looks for; they may be broken. */
  public static boolean hasWeights(Path folder) {
    return WeightFiles.exist(folder);
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
    return folder;
  }

  /**
   * What holds the weights: {@code safetensors}, {@code flax}, {@code tensorflow} or {@code
   * pytorch}.
   */
  public String format() {
    return WeightFormat.of(files.names().getFirst()).orElseThrow().name().toLowerCase(Locale.ROOT);
  }

  /** The tree of config.json. */
  public JsonNode config() {
    return config.tree();
  }

  /** The settings of config.json, read with their types. */
  public Config settings() {
    return config;
  }

  /** The weight files, relative to the folder. */
  public List<String> files() {
    return files.names();
  }

  /** All tensors of all files, in the order of the files. */
  public List<TensorInfo> tensors() {
    return files.tensors().values().stream().map(StoredTensor::info).toList();
  }

  /**
   * All tensors, to be saved: without the buffers that Hugging Face computes itself, under the
   * names that it gives them today, and once where one lies in the file under two names that are
   * tied.
   */
  public SavedTensors contents() {
    return CurrentNames.of(tensorsByName(), config.bool("tie_word_embeddings", true));
  }

  /** Bytes that all tensors take in the files. */
  public long totalBytes() {
    return tensors().stream().mapToLong(TensorInfo::bytes).sum();
  }

  /** The root of the walk; what is widened or initialised lives in the region. */
  public Weights weights() {
    return weights(0);
  }

  /**
   * The root of the walk, with a new report.
   *
   * @param seed for the tensors that {@link Weights#allowNew} allows to make: truncated normal with
   *     {@link Config#initializerRange}
   */
  public Weights weights(long seed) {
    var normal = new TruncatedNormal(seed, (float) config.initializerRange());
    return Weights.of(tensorsByName(), files.where(), normal, region);
  }

  /** With floats in the place of int8. */
  private SequencedMap<String, StoredTensor> tensorsByName() {
    return Int8Weights.areNoted(config) ? Int8Weights.restored(files.tensors()) : files.tensors();
  }

  /**
   * Ends the loading: closes the files that were being copied from, and lets the pages of mapped
   * ones leave memory until they are touched.
   */
  @Override
  public void close() {
    files.close();
  }
}
