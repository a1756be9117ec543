package io.lanewise.task;

import io.lanewise.model.Options;
import io.lanewise.tokenizer.TokenizerOptions;

/**
 * All that is set when a task is loaded: the model, the tokenizer, and how much text goes through
 * them. Start from {@link #DEFAULT} and change what differs.
 *
 * <pre>{@code
 * var options =
 *     TaskOptions.of(Options.DEFAULT.withThreads(1))
 *         .withBatchTokens(8_192)
 *         .withMaxLength(256)
 *         .withTokenizer(TokenizerOptions.DEFAULT.withFlag("do_lower_case", false))
 *         .withListener((done, of) -> System.out.println(done + " of " + of));
 * try (var classifier = TextClassifier.load(Path.of("my-model"), options)) {
 *   System.out.println(classifier.predict("A text that may be long."));
 * }
 * }</pre>
 *
 * @param model how the model is loaded; most tasks set the head themselves
 * @param tokenizer how the tokenizer is loaded
 * @param batchTokens tokens of one forward pass, padding counted, at least 1: inputs of like length
 *     are put together up to so many; a single input may be longer. What is written counts, too.
 *     Memory follows it
 * @param maxLength tokens to which a longer text is cut; 0 to refuse what the model cannot take, or
 *     to cut it where the task says that it does
 * @param listener told after each batch
 */
public record TaskOptions(
    Options model,
    TokenizerOptions tokenizer,
    int batchTokens,
    int maxLength,
    BatchListener listener) {
  /** The model and the tokenizer as their own defaults say, 4,096 tokens at once, nothing cut. */
  public static final TaskOptions DEFAULT =
      new TaskOptions(Options.DEFAULT, TokenizerOptions.DEFAULT, 4096, 0, BatchListener.NONE);

  /**
   * @throws IllegalArgumentException if {@code batchTokens} is less than 1, or {@code maxLength} is
   *     negative
   */
  public TaskOptions {
    if (batchTokens < 1 || maxLength < 0) {
      throw new IllegalArgumentException(
          "batchTokens " + batchTokens + ", maxLength " + maxLength + ": at least 1, and 0");
    }
  }

  /** Told how far a call of a task has come, in the thread that called. */
  @FunctionalInterface
  public interface BatchListener {
    /** Does nothing. */
    BatchListener NONE = (_, _) -> {};

    /**
     * A batch has gone through the model.
     *
     * @param done parts of the call's work that have been done, from 1
     * @param of all parts; how many inputs make up one depends on the task
     */
    void batchDone(int done, int of);
  }

  /** The defaults with the model loaded in this way. */
  public static TaskOptions of(Options model) {
    return DEFAULT.withModel(model);
  }

  /** The same with the model loaded in another way. */
  public TaskOptions withModel(Options newModel) {
    return new TaskOptions(newModel, tokenizer, batchTokens, maxLength, listener);
  }

  /** The same with the tokenizer loaded in another way, such as the slow one. */
  public TaskOptions withTokenizer(TokenizerOptions newTokenizer) {
    return new TaskOptions(model, newTokenizer, batchTokens, maxLength, listener);
  }

  /** The same with so many tokens in one forward pass. */
  public TaskOptions withBatchTokens(int newBatchTokens) {
    return new TaskOptions(model, tokenizer, newBatchTokens, maxLength, listener);
  }

  /** The same with texts cut to so many tokens; 0 for not cut. */
  public TaskOptions withMaxLength(int newMaxLength) {
    return new TaskOptions(model, tokenizer, batchTokens, newMaxLength, listener);
  }

  /** The same, telling after each batch how far a call has come. */
  public TaskOptions withListener(BatchListener newListener) {
    return new TaskOptions(model, tokenizer, batchTokens, maxLength, newListener);
  }
}
