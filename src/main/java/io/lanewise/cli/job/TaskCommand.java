package io.lanewise.cli.job;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.Printer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is particular to a command that answers inputs: its fields, its columns, its JSON.
 *
 * @param <I> an input of its task
 * @param <A> an answer of its task
 */
public interface TaskCommand<I, A> {
  /** The field that a plain text stands for. */
  default String field() {
    return "text";
  }

  /**
   * The input of an entry's fields.
   *
   * @throws io.lanewise.InputException if a field is missing or of the wrong kind
   */
  I input(InputRecord entry);

  /**
   * The answers of a window of inputs, in their order; each as if it were alone.
   *
   * @throws io.lanewise.InputException if one of them cannot be answered
   */
  List<A> answer(List<I> inputs);

  /** The columns of its rows. */
  List<Column> columns();

  /** The rows of an answer, a cell a column: texts, numbers, or null for none. */
  List<List<Object>> rows(I input, A answer);

  /** Whether an answer has one row, so that a table shows each text at the end of its row. */
  default boolean isOneRow() {
    return false;
  }

  /** Whether a table shows the rows alone, without the texts that they belong to. */
  default boolean isBare() {
    return false;
  }

  /** Whether a table begins with the names of its columns. */
  default boolean isHeaded() {
    return false;
  }

  /** Writes the answer as one JSON value, as Hugging Face's pipeline returns it for one input. */
  void write(JsonGenerator out, A answer) throws IOException;

  /** All plain texts as one input, for a command that looks at them together; empty for none. */
  default Optional<InputRecord> gather(List<InputRecord> entries) {
    return Optional.empty();
  }

  /** What writes a file of this name in a format of the command's own; empty for none. */
  default Optional<Printer<I, A>> printer(Path file) {
    return Optional.empty();
  }
}
