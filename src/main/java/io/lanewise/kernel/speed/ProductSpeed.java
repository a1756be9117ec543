package io.lanewise.kernel.speed;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.VectorUnit;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.Arrays;
import java.util.List;

/**
 * The speed of fp32 matrix products on one thread, and the peak of the multiply-add units, measured
 * alternately.
 *
 * @param peak floating-point operations per second of the units, with vectors of this JVM's width
 * @param share the part of the peak that products reach, as the median of many moments
 * @param best the fastest product divided by the highest peak: the share without disturbance
 */
public record ProductSpeed(double peak, double share, double best) {
  private static final int ROWS = 96;
  private static final int WIDTH = 768;
  private static final double OPERATIONS = 2.0 * ROWS * WIDTH * WIDTH;

  /** Steps of {@link MultiplyAdds}: some hundredths of a millisecond. */
  private static final int STEPS = 20_000;

  /** Duration of the measurement in nanoseconds, compilation included. */
  private static final long DURATION = 2_000_000_000L;

  /** The longest duration in nanoseconds, if compilation takes longer, as on a busy machine. */
  private static final long PATIENCE = 6_000_000_000L;

  /** The fewest moments of a result; code that is not compiled does not reach it. */
  private static final int ENOUGH = 100;

  /** Nanoseconds of a moment, for products and for the peak. */
  private static final long MOMENT = 1_000_000;

  /**
   * Measures for two seconds, or longer until the code is compiled. Call it only if {@link
   * VectorUnit#refusal} is empty.
   *
   * @param backend of one thread
   */
  public static ProductSpeed of(Backend backend) {
    try (var region = Region.open()) {
      var weights = filled(region, WIDTH);
      var x = filled(region, ROWS);
      var y = region.matrix(ROWS, WIDTH);
      var gemm = backend.gemm();
      var packed = gemm.pack(List.of(weights), List.of(), region);
      return measured(() -> gemm.apply(x, packed, Activation.IDENTITY, y));
    }
  }

  private static Matrix filled(Region region, int rows) {
    var matrix = region.matrix(rows, WIDTH);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < WIDTH; j++) {
        matrix.set(i, j, ((i + 3 * j) % 7 - 3) / 8f);
      }
    }
    return matrix;
  }

  private static ProductSpeed measured(Runnable product) {
    var sums = new float[VectorUnit.bits() / Float.SIZE];
    var peaks = new double[(int) (PATIENCE / MOMENT)];
    var products = peaks.clone();
    int moments = 0;
    long begin = System.nanoTime();
    long passed;
    do {
      peaks[moments] = speed(() -> MultiplyAdds.run(STEPS, sums), MultiplyAdds.operations(STEPS));
      products[moments] = speed(product, OPERATIONS);
      moments++;
      passed = System.nanoTime() - begin;
    } while (moments < peaks.length
        && (passed < DURATION
            || (passed < PATIENCE && !(settled(peaks, moments) && settled(products, moments)))));
    return of(
        Arrays.copyOfRange(peaks, moments / 2, moments),
        Arrays.copyOfRange(products, moments / 2, moments));
  }

  /**
   * Whether the second half of the moments ran compiled code: it is no longer many times slower
   * than the fastest.
   */
  private static boolean settled(double[] speeds, int moments) {
    if (moments < ENOUGH) {
      return false;
    }
    var later = Arrays.copyOfRange(speeds, moments / 2, moments);
    Arrays.sort(later);
    return later[later.length / 2] >= later[later.length - 1] / 4;
  }

  /** The result from the second half of the moments, when the code is compiled. */
  private static ProductSpeed of(double[] peaks, double[] products) {
    var shares = new double[peaks.length];
    Arrays.setAll(shares, i -> products[i] / peaks[i]);
    for (var values : List.of(peaks, products, shares)) {
      Arrays.sort(values);
    }
    int last = peaks.length - 1;
    return new ProductSpeed(
        peaks[peaks.length / 2], shares[shares.length / 2], products[last] / peaks[last]);
  }

  /** Operations per second. */
  private static double speed(Runnable work, double operations) {
    long start = System.nanoTime();
    long now;
    int runs = 0;
    do {
      work.run();
      runs++;
      now = System.nanoTime();
    } while (now - start < MOMENT);
    return runs * operations / ((now - start) / 1e9);
  }
}
