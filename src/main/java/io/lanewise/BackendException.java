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
}
