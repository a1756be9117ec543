package io.lanewise.springai.autoconfigure;

import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.MemoryBudget;
import io.lanewise.model.Options;
import io.lanewise.springai.ModelSource;
import io.lanewise.springai.ServedModelBuilder;
import io.lanewise.task.Embedder;
import io.lanewise.task.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** What the properties of all models say alike. */
record LoadSettings(
    String prefix,
    @Nullable String model,
    @Nullable String revision,
    boolean fetch,
    @Nullable String name,
    @Nullable Dtype dtype,
    KernelChoice backend,
    int threads,
    MetadataMode metadataMode,
    int batchTokens,
    int maxLength,
    @Nullable DataSize memory,
    @Nullable Duration timeout,
    boolean warmUp) {
  static LoadSettings of(LanewiseEmbeddingProperties from) {
    return new LoadSettings(
        LanewiseEmbeddingProperties.PREFIX,
        from.model(),
        from.revision(),
        from.fetch(),
        from.name(),
        from.dtype(),
        from.backend(),
        from.threads(),
        from.metadataMode(),
        from.batchTokens(),
        from.maxLength(),
        from.memory(),
        from.timeout(),
        from.warmUp());
  }

  static LoadSettings of(LanewiseRerankerProperties from) {
    return new LoadSettings(
        LanewiseRerankerProperties.PREFIX,
        from.model(),
        from.revision(),
        from.fetch(),
        from.name(),
        from.dtype(),
        from.backend(),
        from.threads(),
        from.metadataMode(),
        from.batchTokens(),
        from.maxLength(),
        from.memory(),
        from.timeout(),
        from.warmUp());
  }

  /** The folder of the model, which is downloaded if the properties say so. */
  Path folder() {
    return source().folder();
  }

  private ModelSource source() {
    return new ModelSource(required(), StringUtils.hasText(revision) ? revision : null, fetch);
  }

  private String required() {
    if (model == null || !StringUtils.hasText(model)) {
      throw new FailureAnalyzedException(
          prefix + ".model is not set: Lanewise does not know which model to load.",
          "Set it to the folder of a model, or to a name of the Hub whose files are in its cache.");
    }
    return model;
  }

  /** Puts the settings into a builder for the model in the folder. */
  <B extends ServedModelBuilder<B>> B into(B builder, Path folder) {
    builder
        .name(name == null || !StringUtils.hasText(name) ? required() : name)
        .taskOptions(taskOptions(folder))
        .metadataMode(metadataMode)
        .timeout(timeout)
        .warmUp(warmUp);
    return memory == null ? builder : builder.memory(MemoryBudget.of(memory.toBytes()));
  }

  private TaskOptions taskOptions(Path folder) {
    check("threads", threads, 0);
    check("batch-tokens", batchTokens, 1);
    check("max-length", maxLength, 0);
    if (memory != null && memory.toBytes() < 1) {
      throw new FailureAnalyzedException(
          prefix + ".memory is " + memory + ", and has to be more than nothing.", null);
    }
    var options = Options.DEFAULT.withBackend(backend).withThreads(threads);
    var type = dtype != null ? dtype : ofFolder(folder);
    return TaskOptions.of(options.withPrecision(type.precision()))
        .withBatchTokens(batchTokens)
        .withMaxLength(maxLength);
  }

  private void check(String property, int value, int least) {
    if (value < least) {
      throw new FailureAnalyzedException(
          "%s.%s is %d, and has to be at least %d.".formatted(prefix, property, value, least),
          "Correct it, or leave it out.");
    }
  }

  private static Dtype ofFolder(Path folder) {
    var settings = FolderSettings.of(Embedder.modelFolder(folder));
    return settings.hasConfig() && settings.isInt8() ? Dtype.INT8 : Dtype.F32;
  }
}
