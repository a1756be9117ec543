package io.lanewise;

/**
 * A call ended before its result, because its thread was interrupted or its time was over. Nothing
 * is left behind: the model can be used at once, and a cache holds what it held before the call.
 */
public final class CancelledException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  /** Why a call ended. */
  public enum Reason {
    /** {@link Thread#interrupt}; the thread's interrupt status is set. */
    INTERRUPTED,
    /** The time of {@link Deadline#within} was over. */
    DEADLINE
  }

  private final Reason reason;

  public CancelledException(Reason reason, String message) {
    super(message, null);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
