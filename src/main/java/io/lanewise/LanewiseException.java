package io.lanewise;

/**
 * Something that the user of this library can mend: a folder, a file, an input, a setting.
 *
 * <p>The message is one line that says what is wrong, where, and what to do next; the command line
 * prints it as it is. Faults of the library itself are ordinary {@link IllegalStateException}s and
 * the like, with a stack trace.
 */
public abstract sealed class LanewiseException extends RuntimeException
    permits BackendException, CheckpointException, InputException, TokenizerException {
  private static final long serialVersionUID = 1L;

  /** What a file holds may be shown in a message, and can be anything. */
  private static final int LONGEST = 900;

  LanewiseException(String message, Throwable cause) {
    super(line(message), cause);
  }

  /** On one line, and with what it says and what to do, if its middle must be left out. */
  private static String line(String message) {
    int length = message.length();
    var text =
        length <= LONGEST
            ? message
            : message.substring(0, LONGEST / 2)
                + " \u2026 "
                + message.substring(length - LONGEST / 2);
    // A line break is shown as Java writes it; other control characters could steer a terminal.
    return text.replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
