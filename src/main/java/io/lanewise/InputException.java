package io.lanewise;

/** The inputs of a call do not fit the model, or each other. */
public final class InputException extends LanewiseException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message, null);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
