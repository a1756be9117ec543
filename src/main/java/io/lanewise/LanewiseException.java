package io.lanewise;

import io.lanewise.text.Excerpt;
import java.util.Optional;

/**
 * Something that the user of this library can mend: a folder, a file, an input, a setting.
 *
 * <p>The message is one line that says what is wrong, where, and what to do next; it is cut in the
 * middle where it would be longer than 1,500 characters. Faults of the library itself are ordinary
 * {@link IllegalStateException}s and the like, with a stack trace.
 */
public abstract sealed class LanewiseException extends RuntimeException
    permits BackendException, CheckpointException, InputException, TokenizerException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST = 1500;

  private final Remedy remedy;

  LanewiseException(String message, Throwable cause) {
    this(message, null, cause);
  }

  /**
   * @param remedy what mends it; null if the message says that alone
   */
  LanewiseException(String message, Remedy remedy, Throwable cause) {
    super(
        message == null || message.length() <= LONGEST ? message : Excerpt.of(message, LONGEST),
        cause);
    this.remedy = remedy;
  }

  /** The statement, and the remedy as Java spells it. */
  @Override
  public String getMessage() {
    return remedy == null ? statement() : statement() + " (" + remedy.inJava() + ")";
  }

  /** What is wrong, without the spelling of the remedy. */
  public final String statement() {
    return super.getMessage();
  }

  /**
   * What mends it, for a front end that spells it in its own way; empty for nothing of the kind.
   */
  public final Optional<Remedy> remedy() {
    return Optional.ofNullable(remedy);
  }
}
