package io.lanewise.spark;

import io.lanewise.task.Task;
import java.io.Serializable;
import java.util.List;

/**
 * A function of SQL, as it goes to the executors.
 *
 * @param nulls whether an input that cannot be answered gives null, instead of ending the job
 */
record FunctionCall<T extends Task<I, A>, I, A>(Answers<T, I, A> answers, boolean nulls)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A call of a model for rows. */
  static <T extends Task<I, A>, I, A> FunctionCall<T, I, A> of(
      TaskRows<T, I, A> rows, ModelSettings settings, boolean nulls) {
    return new FunctionCall<>(new Answers<>(rows, settings), nulls);
  }

  /** The answer for the arguments of one row; null if one of them is null. */
  Object answer(Object... cells) {
    Interruption.check();
    return answers.of(List.<Object[]>of(cells), nulls).getFirst().value();
  }
}
