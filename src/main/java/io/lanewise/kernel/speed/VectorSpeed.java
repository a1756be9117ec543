package io.lanewise.kernel.speed;

import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.vector.Panels;
import java.lang.foreign.Arena;

/**
 * Measures the vector kernels against scalar code. If the compiler does not turn them into vector
 * instructions, their results are the same, but hundreds of times slower; this measurement is the
 * only sign of it.
 */
public final class VectorSpeed {
  private static final int DEPTH = 256;

  /** Calls that are timed together. */
  private static final int BATCH = 20;

  /** The shortest measurement in nanoseconds, once the code is compiled. */
  private static final long SETTLED = 200_000_000;

  /**
   * The longest wait for compilation in nanoseconds; C2 takes a second or two for the larger tiles.
   */
  private static final long PATIENCE = 5_000_000_000L;

  private VectorSpeed() {}

  /**
   * The speed of a matrix product by the vector kernels, divided by that of a scalar loop. Takes a
   * second or two; five if the vector kernels stay slow. Call it only if {@link
   * io.lanewise.kernel.VectorUnit#refusal} is empty.
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

  /**
   * The same product by scalar code. It uses the same column for all columns of a panel, which
   * takes the same time.
   */
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

  /** Nanoseconds of the fastest batch; repeats until one is faster than {@code limit}. */
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
