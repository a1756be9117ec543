package io.lanewise.task;

/**
 * How much text a task takes, and how much of it at once.
 *
 * @param batchTokens tokens of one forward pass, padding counted: inputs of like length are put
 *     together up to so many; a single input may be longer. Memory follows it
 * @param maxLength tokens to which a longer text is cut; 0 to refuse what the model cannot take, or
 *     to cut it where the task says that it does
 * @param listener told after each batch
 */
public record Limits(int batchTokens, int maxLength, BatchListener listener) {
  /** 4,096 tokens at once, nothing cut. */
  public static final Limits DEFAULT = new Limits(4096, 0);

  /** Limits that nobody listens to. */
  public Limits(int batchTokens, int maxLength) {
    this(batchTokens, maxLength, BatchListener.NONE);
  }

  public Limits {
    if (batchTokens < 1 || maxLength < 0) {
      throw new IllegalArgumentException(
          "batchTokens " + batchTokens + ", maxLength " + maxLength + ": at least 1, and 0");
    }
  }

  public Limits withBatchTokens(int newBatchTokens) {
    return new Limits(newBatchTokens, maxLength, listener);
  }

  public Limits withMaxLength(int newMaxLength) {
    return new Limits(batchTokens, newMaxLength, listener);
  }

  /** The same, telling after each batch how far a call has come. */
  public Limits withListener(BatchListener newListener) {
    return new Limits(batchTokens, maxLength, newListener);
  }
}
