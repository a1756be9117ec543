package io.lanewise.cli.job;

import java.util.function.LongSupplier;

/**
 * How many inputs a window of a {@link Job} takes: as many as are answered in about two seconds, by
 * what the windows before it took, up to 2,048 inputs and 4 Mi characters. The first takes one
 * input, and each at most four times as much as the one before, since nobody knows yet how fast the
 * model is.
 */
public final class WindowSize {
  static final int MOST_INPUTS = 2048;
  static final long MOST_CHARACTERS = 4 << 20;
  static final long NANOSECONDS = 2_000_000_000L;
  private static final double GROWTH = 4;

  private final LongSupplier clock;
  private double inputs = 1;
  private double characters = 1;
  private long started;

  /**
   * A pace of which nothing is known.
   *
   * @param clock nanoseconds of any origin
   */
  public WindowSize(LongSupplier clock) {
    this.clock = clock;
  }

  /** Whether a window that holds this takes one input more. The last one may go beyond. */
  boolean takes(int heldInputs, long heldCharacters) {
    return heldInputs == 0 || (heldInputs + 1 <= inputs && heldCharacters < characters);
  }

  /** A window begins to be answered. */
  void start() {
    started = clock.getAsLong();
  }

  /** It is answered, and this is what it held. */
  void stop(int heldInputs, long heldCharacters) {
    long took = Math.max(1, clock.getAsLong() - started);
    double factor = Math.min(GROWTH, (double) NANOSECONDS / took);
    if (factor >= 1) {
      // A window that was cut short, because no more could be read, says nothing against more.
      inputs = Math.max(inputs, heldInputs * factor);
      characters = Math.max(characters, heldCharacters * factor);
    } else {
      inputs = heldInputs * factor;
      characters = heldCharacters * factor;
    }
    inputs = Math.clamp(inputs, 1, MOST_INPUTS);
    characters = Math.clamp(characters, 1, MOST_CHARACTERS);
  }
}
