package io.lanewise.serve.batch;

/** A text has more tokens than the model takes, and its request wants none cut. */
public final class TooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * In the words of text-embeddings-inference (core/src/tokenization.rs): clients look for them.
   */
  public TooLongException(int tokens, int longest) {
    super(
        "`inputs` must have less than %d tokens. Given: %d".formatted(longest, tokens),
        null,
        false,
        false);
  }
}
