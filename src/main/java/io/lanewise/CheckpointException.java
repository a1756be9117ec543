package io.lanewise;

/**
 * A model folder, or a file in it, that cannot be read, breaks its format, or does not fit its
 * {@code config.json}.
 */
public final class CheckpointException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message, null);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With a remedy that each front end spells in its own way. */
  public CheckpointException(String statement, Remedy remedy) {
    super(statement, remedy, null);
  }
}
