package io.lanewise.kernel.speed;

import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.vector.Panels;
import java.lang.foreign.Arena;

/**
 * How the vector kernels do beside plain code, measured. Where the compiler does not turn them into
 * vector instructions they give the same numbers, only hundreds of times slower, and nothing else
 * would tell.
 */
public final class VectorSpeed {
  private static final int DEPTH = 256;

  /** Calls that are timed together. */
  private static final int BATCH = 20;

  /** How long is measured, at the least, once the compiler has done its work. */
  private static final long SETTLED = 200_000_000;

  /** How long is waited for that; C2 takes a second or two for the larger tiles. */
  private static final long PATIENCE = 5_000_000_000L;

  private VectorSpeed() {}

  /**
   * The speed of a matrix product by the vector kernels over that of a plain loop, which adds one
   * product after another. Takes a second or two, and five where they are slow for good; only where
   * {@link io.lanewise.kernel.VectorUnit#refusal} is empty.
   */
  public static double timesPlain() {
    var x = new float[GroupedRows.size(DEPTH)];
    var tile = new float[Panels.GROUP * Panels.width()];
    var column = new float[DEPTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 7 - 3) / 8f;
      column[i % DEPTH] = (i % 5 - 2) / 8f;
    }
    try (var arena = Arena.ofConfined()) {
      var panel = arena.allocate((long) DEPTH * Panels.width() * Float.BYTES, 64);
      var start = arena.allocate((long) Panels.width() * Float.BYTES, 64);
      double plain = shortest(() -> multiply(x, column, tile), Double.POSITIVE_INFINITY);
      double vector =
          shortest(
              () ->
                  Panels.multiply(
                      Panels.GROUP, x, 0, DEPTH, panel, 0, start, 0, tile, 0, Panels.width()),
              plain);
      return plain / vector;
    }
  }

  /** The same product by plain code: each panel's column is the same here, which costs as much. */
  private static void multiply(float[] x, float[] column, float[] tile) {
    int width = Panels.width();
    for (int r = 0; r < Panels.GROUP; r++) {
      for (int c = 0; c < width; c++) {
        tile[r * width + c] = dot(x, r * DEPTH, column);
      }
    }
  }

  private static float dot(float[] x, int at, float[] column) {
    float sum = 0;
    for (int k = 0; k < DEPTH; k++) {
      sum += x[at + k] * column[k];
    }
    return sum;
  }

  /** Nanoseconds of the fastest batch, waiting for one that is faster than {@code limit}. */
  private static double shortest(Runnable product, double limit) {
    double shortest = Double.POSITIVE_INFINITY;
    long begin = System.nanoTime();
    long end = begin + PATIENCE;
    boolean settled = false;
    for (long now = begin; now < end; ) {
      for (int i = 0; i < BATCH; i++) {
        product.run();
      }
      long then = System.nanoTime();
      shortest = Math.min(shortest, (double) (then - now));
      if (!settled && shortest < limit) {
        settled = true;
        end = Math.min(end, then + SETTLED);
      }
      now = then;
    }
    return shortest;
  }
}
