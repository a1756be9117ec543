package io.lanewise.cli;

/**
 * Writes the answers of a job in one format. After {@link #flush} whatever was printed has been
 * handed over, in whole lines.
 *
 * @param <I> an input
 * @param <A> an answer
 */
interface Printer<I, A> {
  /** Writes an answer. */
  void print(Entry entry, I input, A answer);

  /** Writes what is wrong with an input in the place of its answer. */
  void printError(Entry entry, String message);

  /** Hands over what was printed so far. */
  void flush();

  /** Writes what comes after the last answer, and hands over. */
  void end();

  /** Ends before an input that has no answer: what was printed stands. */
  default void stop() {
    end();
  }
}
