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

  /** With a remedy that each front end spells in its own way. */
  public InputException(String statement, Remedy remedy) {
    super(statement, remedy, null);
  }

  private InputException(String statement, Remedy remedy, Throwable cause) {
    super(statement, remedy, cause);
  }

  /** The same that another says, of a part of the inputs; the remedy stays. */
  public static InputException at(String where, LanewiseException cause) {
    return new InputException(where + ": " + cause.statement(), cause.remedy().orElse(null), cause);
  }
}
