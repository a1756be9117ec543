package io.lanewise.cli.job;

import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Printer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is particular to a command that answers inputs: the fields that it reads, the task that
 * answers, and the description of an answer.
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
   * The input of a record's fields.
   *
   * @throws io.lanewise.InputException if a field is missing or of the wrong kind
   */
  I input(InputRecord given);

  /**
   * The answers of a window of inputs, in their order; each as if it were alone.
   *
   * @throws io.lanewise.InputException if one of them cannot be answered
   */
  List<A> answer(List<I> inputs);

  /** How an answer is written, whatever the format; asked when the model is loaded. */
  AnswerFormat<A> format();

  /** All plain texts as one input, for a command that looks at them together; empty for none. */
  default Optional<InputRecord> gather(List<InputRecord> inputs) {
    return Optional.empty();
  }

  /** What writes a file of this name in a format of the command's own; empty for none. */
  default Optional<Printer<A>> printer(Path file) {
    return Optional.empty();
  }
}
