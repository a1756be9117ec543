package io.lanewise.cli.output;

import io.lanewise.cli.job.InputRecord;

/**
 * Writes the answers of a job in one format. After {@link #pause} whatever was printed has been
 * handed over, in whole lines.
 *
 * @param <A> an answer
 */
public interface Printer<A> extends AutoCloseable {
  /** Writes the answer to an input. */
  void print(InputRecord input, A answer);

  /** Writes what is wrong with an input in the place of its answer. */
  void printError(InputRecord input, String message);

  /** Hands over what was printed so far; a table may keep its last rows, to align more of them. */
  void flush();

  /** Hands over all that was printed: the next answer may be long in coming. */
  default void pause() {
    flush();
  }

  /** Writes what comes after the last answer, and hands over. */
  void end();

  /** Ends before an input that has no answer: what was printed stands. */
  default void stop() {
    end();
  }

  /** Takes away what was not brought to its end. */
  @Override
  default void close() {}
}
