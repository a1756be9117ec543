package io.lanewise;

/** A backend was demanded that this machine or this JVM cannot give. */
public final class BackendException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  public BackendException(String message) {
    super(message, null);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With a remedy that each front end spells in its own way. */
  public BackendException(String statement, Remedy remedy) {
    super(statement, remedy, null);
  }
}
