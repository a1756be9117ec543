package io.lanewise.serve.batch;

/** There is no room for a request now: it may come again. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is full. */
  public OverloadedException(String message) {
    super(message, null, false, false);
  }
}
