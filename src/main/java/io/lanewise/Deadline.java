package io.lanewise;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A time by which calls have to end.
 *
 * <pre>{@code
 * try (var model = Model.load(folder)) {
 *   var inputs = Inputs.ids(new long[][] {{2, 14, 23, 3}});
 *   var output = Deadline.within(Duration.ofMillis(200), () -> model.forward(inputs));
 * }
 * }</pre>
 *
 * <p>It holds for every call of a model that the thread makes inside, whatever task makes it: one
 * forward pass, a list of texts, a whole generation. It is looked at between two layers and while a
 * call waits for others, so a call may run over it by the time of one layer. Of two deadlines, one
 * inside the other, the earlier holds.
 *
 * <p>An interrupt ends a call in the same places, with or without a deadline.
 */
public final class Deadline {
  private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

  private final long end; // of System.nanoTime()
  private final Duration time;

  private Deadline(long end, Duration time) {
    this.end = end;
    this.time = time;
  }

  /**
   * Runs calls that have to end within a time.
   *
   * @param time from now on, more than nothing
   * @throws CancelledException if they do not end in it
   */
  public static <T> T within(Duration time, Supplier<T> calls) {
    if (time.isNegative() || time.isZero()) {
      throw new InputException("a deadline of " + time + ": give more than nothing");
    }
    // A number of nanoseconds ends after 292 years.
    long nanos = TimeUnit.NANOSECONDS.convert(time);
    var deadline = new Deadline(System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2), time);
    var outer = current();
    var earlier = outer != null && outer.end - deadline.end < 0 ? outer : deadline;
    return ScopedValue.where(CURRENT, earlier).call(calls::get);
  }

  private static Deadline current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /**
   * Nanoseconds that the current thread's calls have left, at least 0; {@link Long#MAX_VALUE}
   * without a deadline.
   */
  public static long nanosLeft() {
    var deadline = current();
    return deadline == null ? Long.MAX_VALUE : Math.max(0, deadline.end - System.nanoTime());
  }

  /**
   * Ends a call whose thread has been interrupted, or whose time is over.
   *
   * @throws CancelledException if that is so; the interrupt status stays set
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(
          CancelledException.Reason.INTERRUPTED,
          "the call was interrupted: it has no result; call again");
    }
    if (nanosLeft() == 0) {
      throw new CancelledException(
          CancelledException.Reason.DEADLINE,
          "the call did not end within "
              + current().time.toMillis()
              + " ms: give more time, or fewer or shorter inputs");
    }
  }
}
