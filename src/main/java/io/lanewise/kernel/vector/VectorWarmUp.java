package io.lanewise.kernel.vector;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Makes the JVM compile the vector kernels: runs them on a little generated data until they do not
 * become faster.
 */
public final class VectorWarmUp {
  private static final int WIDTH = 128;
  private static final int TOKENS = 24;
  private static final int HEADS = 2;

  /** The fewest rounds: the JVM compiles a method after a number of calls. */
  private static final int LEAST = 6_000;

  /** Rounds that are timed together. */
  private static final int GROUP = 500;

  /** The longest duration in nanoseconds, if compilation is delayed. */
  private static final long PATIENCE = 20_000_000_000L;

  /** Numbers of rows that use every tile and every loop for few rows. */
  private static final int[] ROWS = {1, 2, 4, 6, 8, 10, 13};

  private final Workers alone = new Workers(1);
  private final Region region = Region.open();
  private final VectorGemm gemm = new VectorGemm(alone);
  private final VectorRowwise rowwise = new VectorRowwise(alone);
  private final VectorAttention attention = new VectorAttention(alone);
  private final Matrix x = region.matrix(TOKENS, WIDTH);
  private final Matrix y = region.matrix(TOKENS, WIDTH);
  private final Matrix mask = region.matrix(1, TOKENS);
  private final Gemm.Packed packed =
      gemm.pack(List.of(region.matrix(WIDTH, WIDTH)), List.of(region.floats(WIDTH)), region);

  private VectorWarmUp() {}

  /**
   * Warms the kernels up; takes a second or two of one thread.
   *
   * @param stop checked between two rounds; ends the warm-up when true
   */
  public static void run(BooleanSupplier stop) {
    var kernels = new VectorWarmUp();
    try {
      kernels.repeat(stop);
    } finally {
      kernels.region.close();
      kernels.alone.close();
    }
  }

  private void repeat(BooleanSupplier stop) {
    long begin = System.nanoTime();
    long best = Long.MAX_VALUE;
    for (int done = 0; !stop.getAsBoolean(); done += GROUP) {
      long start = System.nanoTime();
      for (int i = 0; i < GROUP && !stop.getAsBoolean(); i++) {
        round(i);
      }
      long time = System.nanoTime() - start;
      boolean settled = done >= LEAST && time > best - best / 8;
      if (settled || System.nanoTime() - begin > PATIENCE) {
        return;
      }
      best = Math.min(best, time);
    }
  }

  /** Every tile, every row operation that encoders have, attention with and without mask. */
  private void round(int i) {
    int rows = ROWS[i % ROWS.length];
    gemm.apply(x.rows(0, 12), packed, Activation.IDENTITY, y.rows(0, 12));
    gemm.apply(x.rows(0, rows), packed, activation(i), y.rows(0, rows));
    var gain = packed.bias();
    rowwise.addLayerNorm(x.rows(0, 2), y.rows(0, 2), gain, gain, 1e-5f, y.rows(0, 2));
    rowwise.layerNorm(x.rows(0, 2), gain, gain, 1e-5f, y.rows(2, 2));
    rowwise.add(x.rows(0, 2), y.rows(4, 2));
    var q = x.rows(12, 12);
    var a =
        Arguments.of(1, HEADS, 12, TOKENS, WIDTH / HEADS, q, x, x, 0.125f)
            .withMask(i % 2 == 0 ? null : mask);
    attention.dense(a, null, y.rows(12, 12));
  }

  private static Activation activation(int i) {
    return switch (i % 4) {
      case 0 -> Activation.GELU;
      case 1 -> Activation.GELU_TANH;
      case 2 -> Activation.TANH;
      default -> Activation.RELU;
    };
  }
}
