package io.lanewise.spark;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.HubCache;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.MemoryBudget;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.task.TaskOptions;
import io.lanewise.tokenizer.TokenizerOptions;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * Which model, and how it is loaded: what has to be equal for two users to share a model.
 *
 * @param model a folder of the executor, or a name in its cache of the Hub
 * @param revision of a name of the Hub; empty for {@code main}
 * @param dtype {@code f32}, {@code bf16}, {@code int8}, or {@code auto}
 * @param batchTokens tokens of one forward pass, padding counted
 * @param maxLength tokens to which a longer text is cut; 0 as {@link TaskOptions#maxLength} says
 * @param threads of a forward pass; 0 for as many as a task has processors
 * @param digest that the model's files must have; empty for any
 */
record ModelSettings(
    String model,
    String revision,
    String dtype,
    int batchTokens,
    int maxLength,
    int threads,
    String digest)
    implements Serializable {
  static final String AUTO = "auto";
  private static final long serialVersionUID = 1L;

  /** The same with so many threads. */
  ModelSettings withThreads(int newThreads) {
    return new ModelSettings(model, revision, dtype, batchTokens, maxLength, newThreads, digest);
  }

  /**
   * The model's folder on this machine: a folder, or what {@code spark.archives} unpacked under
   * this name, or a name in the cache of the Hub, whichever is there first.
   *
   * @throws CheckpointException if it is none of them
   */
  Path folder() {
    var folder = Files.exists(Path.of(model)) ? Path.of(model) : unpacked();
    if (folder == null && HubCache.isName(model)) {
      return HubCache.here().findModel(model, revision.isEmpty() ? null : revision);
    }
    if (folder == null) {
      throw new CheckpointException(
          "there is no folder %s on this machine: bring the model to every executor, to the same path, or by spark.archives"
              .formatted(model));
    }
    if (!revision.isEmpty()) {
      throw new InputException(
          "revision %s: %s is a folder, which has none; leave it out, or give a name of the Hub"
              .formatted(revision, model));
    }
    return folder;
  }

  /** What Spark brought to this executor under the model's name; null if nothing. */
  private Path unpacked() {
    if (SparkEnv.get() == null || Path.of(model).isAbsolute()) {
      return null;
    }
    var folder = Path.of(SparkFiles.get(model));
    return Files.exists(folder) ? folder : null;
  }

  /**
   * How the folder is loaded: by the vector kernels, whose results have the same bits in every
   * process.
   *
   * @param settings of the folder with {@code config.json}
   * @param chosen is given the kernels, and why
   */
  TaskOptions options(
      FolderSettings settings, MemoryBudget memory, AtomicReference<List<String>> chosen) {
    var model =
        Options.DEFAULT
            .withBackend(KernelChoice.VECTOR)
            .withPrecision(precision(settings))
            .withThreads(threads)
            .withMemory(memory)
            .withListener(kernels -> chosen.set(kernels.reasons()));
    return new TaskOptions(
        model, TokenizerOptions.DEFAULT, batchTokens, maxLength, (_, _) -> Interruption.check());
  }

  private Precision precision(FolderSettings settings) {
    return switch (dtype) {
      case "f32" -> Precision.FLOAT32;
      case "bf16" -> Precision.BFLOAT16;
      case "int8" -> Precision.INT8;
      case AUTO -> settings.hasConfig() && settings.isInt8() ? Precision.INT8 : Precision.FLOAT32;
      default -> throw new InputException("dtype " + dtype + ": give auto, f32, bf16 or int8");
    };
  }
}
