package io.lanewise.task.text;

import io.lanewise.task.TaskOptions.BatchListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Puts inputs together for the model, and their answers back in order. */
public final class Batching {
  /** Inputs that {@link #windows} reads before it answers them. */
  static final int WINDOW = 512;

  private Batching() {}

  /**
   * Answers items in batches: sorted by length, the longest first, so that what does not fit into
   * memory fails at once; grouped so that rows times the longest row stay within the budget.
   *
   * @param length tokens of an item
   * @param budget tokens of a batch, padding counted; an item that is longer goes alone
   * @param pass answers a batch, in its order
   * @param listener told after each batch
   * @return the answers in the order of the items
   */
  public static <I, A> List<A> run(
      List<I> items,
      ToIntFunction<I> length,
      int budget,
      Function<List<I>, List<A>> pass,
      BatchListener listener) {
    return run(items, length, _ -> 0, budget, pass, listener);
  }

  /**
   * The same with items of several kinds, which never share a batch.
   *
   * @param kind any number; those of the same are of a kind
   */
  static <I, A> List<A> run(
      List<I> items,
      ToIntFunction<I> length,
      ToIntFunction<I> kind,
      int budget,
      Function<List<I>, List<A>> pass,
      BatchListener listener) {
    var order =
        IntStream.range(0, items.size())
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer i) -> kind.applyAsInt(items.get(i)))
                    .thenComparingInt(i -> -length.applyAsInt(items.get(i))))
            .toList();
    var answers = new ArrayList<A>(items.size());
    for (int i = 0; i < items.size(); i++) {
      answers.add(null);
    }
    int from = 0;
    while (from < order.size()) {
      int first = kind.applyAsInt(items.get(order.get(from)));
      int longest = Math.max(1, length.applyAsInt(items.get(order.get(from))));
      int most = Math.min(order.size(), from + Math.max(1, budget / longest));
      int to = from + 1;
      while (to < most && kind.applyAsInt(items.get(order.get(to))) == first) {
        to++;
      }
      var batch = order.subList(from, to);
      var given = pass.apply(batch.stream().map(items::get).toList());
      for (int row = 0; row < batch.size(); row++) {
        answers.set(batch.get(row), given.get(row));
      }
      from = to;
      listener.batchDone(from, items.size());
    }
    return answers;
  }

  /** Answers a window of inputs at a time, and reads the next when its answers have been taken. */
  public static <I, A> Stream<A> windows(Stream<I> inputs, Function<List<I>, List<A>> answer) {
    var source = inputs.iterator();
    var answers =
        new Iterator<A>() {
          private Iterator<A> ready = List.<A>of().iterator();

          @Override
          public boolean hasNext() {
            return ready.hasNext() || source.hasNext();
          }

          @Override
          public A next() {
            if (!ready.hasNext()) {
              ready = answer.apply(window(source)).iterator();
            }
            return ready.next();
          }
        };
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(answers, traits), false)
        .onClose(inputs::close);
  }

  private static <I> List<I> window(Iterator<I> source) {
    var window = new ArrayList<I>();
    while (window.size() < WINDOW && source.hasNext()) {
      window.add(source.next());
    }
    if (window.isEmpty()) {
      throw new NoSuchElementException();
    }
    return window;
  }
}
