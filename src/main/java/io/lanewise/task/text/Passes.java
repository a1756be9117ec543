package io.lanewise.task.text;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who runs the forward passes of the current thread's calls, and who wants to know what a task is
 * made of. Mostly nobody: a task runs its passes itself.
 */
public final class Passes {
  private static final ScopedValue<PassRunner> RUNNER = ScopedValue.newInstance();
  private static final ScopedValue<Consumer<TextModel>> LOADED = ScopedValue.newInstance();

  private Passes() {}

  /** Makes calls of tasks whose passes are run by this one. */
  public static <T> T within(PassRunner runner, Supplier<T> calls) {
    return ScopedValue.where(RUNNER, runner).call(calls::get);
  }

  /** Tells the runner, if there is one, of work that will not come to it as passes. */
  public static void begin(int sequences, long tokens) {
    current().ifPresent(runner -> runner.begin(sequences, tokens));
  }

  /** The runner of the current thread's calls; empty for the task itself. */
  static Optional<PassRunner> current() {
    return RUNNER.isBound() ? Optional.of(RUNNER.get()) : Optional.empty();
  }

  /**
   * Loads tasks, and tells of the tokenizer and the model that each is made of.
   *
   * @param loaded told of each
   */
  public static <T> T telling(Consumer<TextModel> loaded, Supplier<T> loading) {
    return ScopedValue.where(LOADED, loaded).call(loading::get);
  }

  /** The same texts, of which is told who wants to know. */
  public static TextModel noted(TextModel texts) {
    if (LOADED.isBound()) {
      LOADED.get().accept(texts);
    }
    return texts;
  }
}
