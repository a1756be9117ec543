package io.lanewise;

import io.lanewise.text.Excerpt;
import java.util.Optional;

/**
 * Something that the user of this library can mend: a folder, a file, an input, a setting.
 *
 * <p>The message is one line that says what is wrong, where, and what to do next; it is cut in the
 * middle where it would be longer than 900 characters. Faults of the library itself are ordinary
 * {@link IllegalStateException}s and the like, with a stack trace.
 */
public abstract sealed class LanewiseException extends RuntimeException
    permits BackendException,
        CancelledException,
        CheckpointException,
        ClosedException,
        InputException,
        MemoryException,
        TokenizerException {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST = 900;

  private final Remedy remedy;

  LanewiseException(String message, Throwable cause) {
    this(message, null, cause);
  }

  /**
   * @param remedy what mends it; null if the message says that alone
   */
  LanewiseException(String message, Remedy remedy, Throwable cause) {
    super(line(message), cause);
    this.remedy = remedy;
  }

  /** On one line: what a file holds may be shown in a message, and can be anything. */
  private static String line(String message) {
    if (message == null) {
      return null;
    }
    var text = message.length() <= LONGEST ? message : Excerpt.of(message, LONGEST);
    // A line break is shown as Java writes it; other control characters could steer a terminal.
    return text.replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replaceAll("\\p{Cntrl}", "\uFFFD");
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
