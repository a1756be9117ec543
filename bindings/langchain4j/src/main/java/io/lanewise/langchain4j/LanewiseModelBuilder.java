package io.lanewise.langchain4j;

import io.lanewise.model.Precision;
import io.lanewise.task.TaskOptions;
import org.jspecify.annotations.Nullable;

/**
 * Which model a builder of this package takes, and how it is loaded. What is not said, or is null,
 * is as {@link TaskOptions#DEFAULT} has it.
 *
 * <pre>{@code
 * var model =
 *     LanewiseEmbeddingModel.builder()
 *         .modelPath(folder)
 *         .precision(Precision.BFLOAT16)
 *         .threads(4)
 *         .batchTokens(8192)
 *         .maxLength(256)
 *         .build();
 * System.out.println(model.dimension());
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class LanewiseModelBuilder<B extends LanewiseModelBuilder<B>>
    extends LanewiseFolderBuilder<B>
    permits LanewiseEmbeddingModel.Builder,
        LanewiseScoringModel.Builder,
        LanewiseTextClassifier.Builder {
  private TaskOptions options = TaskOptions.DEFAULT;
  private @Nullable Precision precision;
  private @Nullable Integer threads;
  private @Nullable Integer batchTokens;
  private @Nullable Integer maxLength;

  LanewiseModelBuilder() {}

  /** All that can be set when a model is loaded; the other methods here change parts of it. */
  public B taskOptions(TaskOptions newOptions) {
    options = newOptions;
    return self();
  }

  /** In which precision weights are held and, where the machine can, computed. */
  public B precision(@Nullable Precision newPrecision) {
    precision = newPrecision;
    return self();
  }

  /** Threads for one forward pass, the caller's included; 0 for one a processor. */
  public B threads(@Nullable Integer newThreads) {
    threads = newThreads;
    return self();
  }

  /**
   * Tokens of one forward pass, padding counted: texts of like length go through the model together
   * up to so many. Memory follows it.
   */
  public B batchTokens(@Nullable Integer newBatchTokens) {
    batchTokens = newBatchTokens;
    return self();
  }

  /** Tokens to which a longer text is cut, the special ones counted. */
  public B maxLength(@Nullable Integer newMaxLength) {
    maxLength = newMaxLength;
    return self();
  }

  /**
   * The options that were given.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  final TaskOptions options() {
    var changed = options;
    if (precision != null) {
      changed = changed.withModel(changed.model().withPrecision(precision));
    }
    if (threads != null) {
      changed = changed.withModel(changed.model().withThreads(threads));
    }
    if (batchTokens != null) {
      changed = changed.withBatchTokens(batchTokens);
    }
    return maxLength == null ? changed : changed.withMaxLength(maxLength);
  }
}
