package io.lanewise;

/**
 * A tokenizer's files cannot be read or name something unknown, or a text cannot be encoded as
 * asked.
 */
public final class TokenizerException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(String message) {
    super(message, null);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With a remedy that each front end spells in its own way. */
  public TokenizerException(String statement, Remedy remedy) {
    super(statement, remedy, null);
  }
}
