package io.lanewise;

/**
 * Something that the user of this library can mend: a folder, a file, an input, a setting.
 *
 * <p>The message is one line that says what is wrong, where, and what to do next; the command line
 * prints it as it is. Faults of the library itself are ordinary {@link IllegalStateException}s and
 * the like, with a stack trace.
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

  LanewiseException(String message, Throwable cause) {
    super(message, cause);
  }
}
