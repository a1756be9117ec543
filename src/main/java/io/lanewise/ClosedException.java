package io.lanewise;

/** A call came to a model, a task or a holder of one that has been closed. */
public final class ClosedException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  public ClosedException(String message) {
    super(message, null);
  }
}
