package io.lanewise.checkpoint.folder;

import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.checkpoint.format.Loading;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A model folder that is being loaded: its config.json, and the tensors of its weight files, listed
 * but not read. {@link io.lanewise.checkpoint.Checkpoint} says which files are taken.
 *
 * <p>Closing ends the loading. What {@link Weights} gave stays alive as long as the region.
 */
public final class OpenedFolder implements AutoCloseable {
  private final Path folder;
  private final Config config;
  private final WeightFiles files;
  private final Region region;

  private OpenedFolder(Path folder, Config config, WeightFiles files, Region region) {
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
  public static OpenedFolder open(Path folder, Loading loading, Region region) {
    return open(folder, Checkpoint.config(folder), loading, region);
  }

  /** The same with the settings of config.json, which have been read. */
  public static OpenedFolder open(Path folder, Config config, Loading loading, Region region) {
    checkReadable(config);
    return new OpenedFolder(folder, config, WeightFiles.open(folder, loading, region), region);
  }

  /**
   * Opens a folder, with the weights of this file in it whatever others there are.
   *
   * @param weights the name of a file, or of the index of several; its ending tells the format:
   *     {@code .safetensors}, {@code .msgpack}, {@code .h5}, {@code .bin}, {@code .pt}
   * @throws io.lanewise.CheckpointException if the folder or one of its files is missing or broken
   */
  public static OpenedFolder open(Path folder, String weights, Loading loading, Region region) {
    return open(folder, Checkpoint.config(folder), weights, loading, region);
  }

  /** The same with the settings of config.json, which have been read. */
  public static OpenedFolder open(
      Path folder, Config config, String weights, Loading loading, Region region) {
    checkReadable(config);
    ModelFolder.require(folder, weights);
    return new OpenedFolder(
        folder, config, WeightFiles.open(folder, weights, loading, region), region);
  }

  /** Refuses weights that were quantised in a way that is not known here. */
  private static void checkReadable(Config config) {
    boolean _ = Int8Weights.areNoted(config);
  }

  /** Whether a folder holds weights by a name that {@link #open} looks for; they may be broken. */
  public static boolean hasWeights(Path folder) {
    return WeightFiles.exist(folder);
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

  /** The settings of config.json, read with their types. */
  public Config config() {
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
