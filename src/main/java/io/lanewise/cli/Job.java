package io.lanewise.cli;

import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.TokenizerException;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers inputs one after the other, however many there are.
 *
 * <p>Inputs are read in windows: what can be read without waiting, up to 2,048 inputs or 4 Mi
 * characters (the last input may go beyond). So a line that somebody types is answered at once, and
 * lines of a file go through the model in full batches. A window is answered, printed in the order
 * of the inputs, and handed over before the next is read: memory does not grow with the number of
 * inputs (what is left behind is swept up when it takes 64 MiB), and what a killed job has not
 * written is one window at most.
 *
 * @param <I> an input of the task
 * @param <A> an answer of the task
 */
final class Job<I, A> {
  static final int WINDOW = 2048;
  private static final int WINDOW_CHARACTERS = 4 << 20;
  private static final long SWEPT_BYTES = 64L << 20;

  private final Verb<I, A> verb;
  private final Printer<I, A> printer;
  private final boolean skipsErrors;
  private long skipped;
  private long heapAfterSweep = usedHeap();

  /**
   * A job.
   *
   * @param skipsErrors whether an input without answer is told in its place; it ends the job if not
   */
  Job(Verb<I, A> verb, Printer<I, A> printer, boolean skipsErrors) {
    this.verb = verb;
    this.printer = printer;
    this.skipsErrors = skipsErrors;
  }

  private record Question<I>(Entry entry, I input) {}

  /**
   * Answers them all.
   *
   * @return how many have no answer
   * @throws InputException at the first input without answer, unless they are skipped; all inputs
   *     before it have been printed then
   */
  long run(Entries entries, Progress progress) {
    try {
      for (var window = window(entries); !window.isEmpty(); window = window(entries)) {
        answer(window);
        printer.flush();
        progress.step(window.size());
        sweep();
      }
    } catch (InputException e) {
      printer.stop();
      throw e;
    }
    printer.end();
    return skipped;
  }

  /**
   * Frees what past windows have left. The serial collector, which starts fastest and is what the
   * launcher asks for, would let that grow to the largest heap allowed before it looks there.
   */
  private void sweep() {
    if (usedHeap() > heapAfterSweep + SWEPT_BYTES) {
      System.gc();
      heapAfterSweep = usedHeap();
    }
  }

  private static long usedHeap() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static List<Entry> window(Entries entries) {
    var window = new ArrayList<Entry>();
    long characters = 0;
    while (window.isEmpty()
        || (window.size() < WINDOW && characters < WINDOW_CHARACTERS && entries.isReady())) {
      var entry = entries.next();
      if (entry == null) {
        break;
      }
      window.add(entry);
      characters += entry.json().length();
    }
    return window;
  }

  private void answer(List<Entry> window) {
    var questions = new ArrayList<Question<I>>();
    for (var entry : window) {
      try {
        questions.add(new Question<>(entry, verb.input(entry)));
      } catch (InputException e) {
        answerAll(questions);
        questions.clear();
        refuse(entry, e);
      }
    }
    answerAll(questions);
  }

  /** A task refuses before it computes, so looking for the one to blame by halves costs little. */
  private void answerAll(List<Question<I>> questions) {
    if (questions.isEmpty()) {
      return;
    }
    List<A> answers;
    try {
      answers = verb.answer(questions.stream().map(Question::input).toList());
    } catch (InputException | TokenizerException e) {
      if (questions.size() == 1) {
        refuse(questions.getFirst().entry, e);
      } else {
        int middle = questions.size() / 2;
        answerAll(questions.subList(0, middle));
        answerAll(questions.subList(middle, questions.size()));
      }
      return;
    }
    for (int i = 0; i < answers.size(); i++) {
      var question = questions.get(i);
      printer.print(question.entry, question.input, answers.get(i));
    }
  }

  private void refuse(Entry entry, LanewiseException e) {
    if (!skipsErrors) {
      throw new InputException(entry.at(e.getMessage()), e);
    }
    skipped++;
    printer.printError(entry, e.getMessage());
  }
}
