package io.lanewise.task;

import io.lanewise.task.text.Batching;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every task does: inputs in, answers out, in the same order. Thread-safe.
 *
 * <p>Methods named {@code with…} give the same task with another setting. It shares the model:
 * closing either closes both.
 *
 * <pre>{@code
 * try (Task<String, Embedding> task = Embedder.load(Path.of("my-model"));
 *     var lines = Files.lines(Path.of("texts.txt"))) {
 *   task.warmUp();
 *   System.out.println(task.predict("One text."));
 *   System.out.println(task.predictAll(List.of("One text.", "Another text.")));
 *   task.predictEach(lines).forEach(System.out::println);
 * }
 * }</pre>
 *
 * @param <I> what a question is, such as a text or a pair
 * @param <A> what an answer is
 */
public interface Task<I, A> extends AutoCloseable {
  /**
   * One answer.
   *
   * @throws io.lanewise.InputException if the input cannot be answered; the message says which and
   *     why
   */
  default A predict(I input) {
    return predictAll(Collections.singletonList(input)).getFirst();
  }

  /**
   * Many answers, in the order of their inputs: each is what {@link #predict} gives for it alone.
   * Inputs of like length go through the model together, as {@link TaskOptions#batchTokens} allows.
   *
   * @throws io.lanewise.InputException as {@link #predict}, before any input is computed; also for
   *     a null among the inputs, with its index
   */
  List<A> predictAll(List<I> inputs);

  /**
   * Answers as they are taken, for inputs without end: a window of inputs is read, answered, and
   * given out before the next is read, so memory stays bounded however many there are. Closing the
   * stream closes the inputs.
   *
   * @throws io.lanewise.InputException as {@link #predict}, when the stream comes to the input
   */
  default Stream<A> predictEach(Stream<I> inputs) {
    return Batching.windows(inputs, this::predictAll);
  }

  /**
   * Does now what would make the first answers slower than later ones: has the tokenizer and the
   * kernels compiled, brings the weights into memory, and takes scratch memory. It takes a second
   * or some; a service calls it before it says that it is ready.
   *
   * @throws io.lanewise.CancelledException if the thread is interrupted meanwhile, or the time of
   *     {@link io.lanewise.Deadline#within} is over
   */
  void warmUp();

  /** Waits for running calls, then frees the model; a second call does nothing. */
  @Override
  void close();
}
