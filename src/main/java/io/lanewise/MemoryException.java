package io.lanewise;

/** A call needs more memory outside the heap than its budget, or the system, can give. */
public final class MemoryException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  private final boolean mayComeFree;

  /**
   * Refuses memory.
   *
   * @param mayComeFree whether other calls hold what was missing, so that it can be had after them
   */
  public MemoryException(String message, boolean mayComeFree) {
    super(message, null);
    this.mayComeFree = mayComeFree;
  }

  public MemoryException(String message, Throwable cause) {
    super(message, cause);
    this.mayComeFree = false;
  }

  /** Whether other calls held what was missing, so that the same call can succeed later. */
  public boolean mayComeFree() {
    return mayComeFree;
  }
}
