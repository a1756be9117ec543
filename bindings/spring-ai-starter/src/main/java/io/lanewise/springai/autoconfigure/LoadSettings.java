package io.lanewise.springai.autoconfigure;

import io.lanewise.model.FolderSettings;
import io.lanewise.model.MemoryBudget;
import io.lanewise.model.Options;
import io.lanewise.springai.ModelSource;
import io.lanewise.springai.ServedModelBuilder;
import io.lanewise.task.Embedder;
import io.lanewise.task.TaskOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.StringUtils;

/**
 * How a model is loaded.
 *
 * @param prefix what the names of its properties begin with
 * @param properties of the model
 */
record LoadSettings(String prefix, ModelProperties properties) {
  static LoadSettings of(LanewiseEmbeddingProperties properties) {
    return new LoadSettings(LanewiseEmbeddingProperties.PREFIX, properties);
  }

  static LoadSettings of(LanewiseRerankerProperties properties) {
    return new LoadSettings(LanewiseRerankerProperties.PREFIX, properties);
  }

  /** The folder of the model, which is downloaded if the properties say so. */
  Path folder() {
    return source().folder();
  }

  private ModelSource source() {
    return new ModelSource(required(), text(properties.revision()), properties.fetch());
  }

  private String required() {
    var model = text(properties.model());
    if (model == null) {
      throw new FailureAnalyzedException(
          prefix + ".model is not set: Lanewise does not know which model to load.",
          "Set it to the folder of a model, or to a name of the Hub whose files are in its cache.");
    }
    return model;
  }

  /** Puts the settings into a builder for the model in the folder. */
  <B extends ServedModelBuilder<B>> B into(B builder, Path folder) {
    var name = text(properties.name());
    var memory = properties.memory();
    builder
        .name(name == null ? required() : name)
        .taskOptions(taskOptions(folder))
        .metadataMode(properties.metadataMode())
        .timeout(properties.timeout())
        .warmUp(properties.warmUp());
    return memory == null ? builder : builder.memory(MemoryBudget.of(memory.toBytes()));
  }

  private TaskOptions taskOptions(Path folder) {
    check("threads", properties.threads(), 0);
    check("batch-tokens", properties.batchTokens(), 1);
    check("max-length", properties.maxLength(), 0);
    var memory = properties.memory();
    if (memory != null && memory.toBytes() < 1) {
      throw new FailureAnalyzedException(
          prefix + ".memory is " + memory + ", and has to be more than nothing.", null);
    }
    var options =
        Options.DEFAULT.withBackend(properties.backend()).withThreads(properties.threads());
    var type = properties.dtype() == null ? ofFolder(folder) : properties.dtype();
    return TaskOptions.of(options.withPrecision(type.precision()))
        .withBatchTokens(properties.batchTokens())
        .withMaxLength(properties.maxLength());
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

  /** A property that is set to nothing is not set. */
  private static @Nullable String text(@Nullable String value) {
    return StringUtils.hasText(value) ? value : null;
  }
}
