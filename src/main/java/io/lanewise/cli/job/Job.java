package io.lanewise.cli.job;

import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.TokenizerException;
import io.lanewise.cli.output.ErrorMessages;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers inputs one after the other, however many there are.
 *
 * <p>Inputs are read in windows: what can be read without waiting, as much as {@link WindowSize}
 * says. So a line that somebody types is answered at once, and lines of a file go through the model
 * in full batches. A window is answered, printed in the order of the inputs, and handed over before
 * the next is read: memory does not grow with the number of inputs (what is left behind is swept up
 * when it takes 64 MiB), and what a killed job has not written is one window at most, about two
 * seconds of work. Where a window ends changes no answer.
 *
 * @param <I> an input of the task
 * @param <A> an answer of the task
 */
public final class Job<I, A> {
  private static final long SWEPT_BYTES = 64L << 20;

  private final TaskCommand<I, A> command;
  private final Printer<A> printer;
  private final boolean skipsErrors;
  private final ErrorMessages messages;
  private final WindowSize windowSize;
  private final Progress progress;
  private long answered;
  private int asked;
  private long skipped;
  private long heapAfterSweep = usedHeap();

  /**
   * A job.
   *
   * @param skipsErrors whether an input without answer is told in its place; it ends the job if not
   * @param messages words for what is wrong with an input
   * @param progress is shown after each window, and each batch of it
   */
  public Job(
      TaskCommand<I, A> command,
      Printer<A> printer,
      boolean skipsErrors,
      ErrorMessages messages,
      WindowSize windowSize,
      Progress progress) {
    this.command = command;
    this.printer = printer;
    this.skipsErrors = skipsErrors;
    this.messages = messages;
    this.windowSize = windowSize;
    this.progress = progress;
  }

  private record Question<I>(InputRecord given, I input) {}

  /** Inputs, and the characters that they have together. */
  private record Window(List<InputRecord> inputs, long characters) {}

  /**
   * Answers them all.
   *
   * @param done inputs answered before, in another run
   * @return how many have no answer
   * @throws InputException at the first input without answer, unless they are skipped; all inputs
   *     before it have been printed then
   */
  public long run(InputReader reader, long done) {
    answered = done;
    try {
      for (var window = window(reader); !window.inputs.isEmpty(); window = window(reader)) {
        windowSize.start();
        answer(window.inputs);
        if (reader.isReady()) {
          printer.flush();
        } else {
          printer.pause();
        }
        windowSize.stop(window.inputs.size(), window.characters);
        sweep();
      }
    } catch (InputException e) {
      printer.stop();
      throw e;
    }
    printer.end();
    return skipped;
  }

  /** The task that answers has done so much of what it was asked. */
  public void batchDone(int part, int of) {
    progress.show(answered + (long) asked * part / of);
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

  private Window window(InputReader reader) {
    var window = new ArrayList<InputRecord>();
    long characters = 0;
    while (windowSize.takes(window.size(), characters) && (window.isEmpty() || reader.isReady())) {
      var input = reader.next();
      if (input == null) {
        break;
      }
      window.add(input);
      characters += input.size();
    }
    return new Window(window, characters);
  }

  private void answer(List<InputRecord> window) {
    var questions = new ArrayList<Question<I>>();
    for (var given : window) {
      try {
        questions.add(new Question<>(given, command.input(given)));
      } catch (InputException e) {
        answerAll(questions);
        questions.clear();
        refuse(given, e);
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
      asked = questions.size();
      answers = command.answer(questions.stream().map(Question::input).toList());
    } catch (InputException | TokenizerException e) {
      if (questions.size() == 1) {
        refuse(questions.getFirst().given, e);
      } else {
        int middle = questions.size() / 2;
        answerAll(questions.subList(0, middle));
        answerAll(questions.subList(middle, questions.size()));
      }
      return;
    }
    for (int i = 0; i < answers.size(); i++) {
      var question = questions.get(i);
      printer.print(question.given, answers.get(i));
    }
    count(answers.size());
  }

  private void refuse(InputRecord input, LanewiseException e) {
    if (!skipsErrors) {
      throw new InputException(input.at(messages.of(e)), e);
    }
    skipped++;
    printer.printError(input, messages.of(e));
    count(1);
  }

  private void count(int inputs) {
    answered += inputs;
    progress.show(answered);
  }
}
