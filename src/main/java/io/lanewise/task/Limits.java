package io.lanewise.task;

/**
 * How much text a task takes, and how much of it at once.
 *
 * @param batchTokens tokens of one forward pass, padding counted: inputs of like length are put
 *     together up to so many; a single input may be longer. Memory follows it
 * @param maxLength tokens to which a longer text is cut; 0 to refuse what the model cannot take, or
 *     to cut it where the task says that it does
 */
public record Limits(int batchTokens, int maxLength) {
  /** 4,096 tokens at once, nothing cut. */
  public static final Limits DEFAULT = new Limits(4096, 0);

  public Limits {
    if (batchTokens < 1 || maxLength < 0) {
      throw new IllegalArgumentException(
          "batchTokens " + batchTokens + ", maxLength " + maxLength + ": at least 1, and 0");
    }
  }

  public Limits withBatchTokens(int newBatchTokens) {
    return new Limits(newBatchTokens, maxLength);
  }

  public Limits withMaxLength(int newMaxLength) {
    return new Limits(batchTokens, newMaxLength);
  }
}
