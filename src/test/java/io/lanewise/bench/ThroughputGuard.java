package io.lanewise.bench;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.MultiplyAdds;
import io.lanewise.kernel.VectorUnit;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Holds the vector kernels to a share of what the multiply-add units give, measured in the same
 * run, on one thread: a kernel that the compiler has not understood gives the same numbers, only
 * slowly, and no other test would tell. Ends with 1 if one is below its share.
 */
public final class ThroughputGuard {
  private static final int TOKENS = 384;
  private static final int ROUNDS = 15;

  /** Seconds for the compiler; a part is timed for about a twentieth of one. */
  private static final double WARM_UP = 3;

  private static final double PART = 0.05;

  private ThroughputGuard() {}

  /**
   * Something that is timed.
   *
   * @param floats operations (a multiply-add is two) of a call
   * @param least the share of the peak that it has to reach
   */
  private record Part(String name, double floats, double least, Runnable call) {
    /** Operations a second of some calls. */
    double speed(double seconds) {
      long start = System.nanoTime();
      long calls = 0;
      long now;
      do {
        call.run();
        calls++;
        now = System.nanoTime();
      } while (now - start < seconds * 1e9);
      return calls * floats / ((now - start) / 1e9);
    }
  }

  /** Prints the shares. */
  public static void main(String[] arguments) {
    try (var region = Region.open();
        var backend = Backend.of(Backend.Choice.VECTOR, 1)) {
      var parts = new ArrayList<>(List.of(peak()));
      parts.add(product(region, backend, "fused projections", 3 * Operand.HIDDEN, Operand.HIDDEN));
      parts.add(product(region, backend, "feed-forward up", Operand.INTERMEDIATE, Operand.HIDDEN));
      parts.add(
          product(region, backend, "feed-forward down", Operand.HIDDEN, Operand.INTERMEDIATE));
      parts.add(attention(region, backend));
      if (!passes(parts)) {
        System.exit(1);
      }
    }
  }

  private static boolean passes(List<Part> parts) {
    parts.forEach(part -> part.speed(WARM_UP));
    var speeds = new double[parts.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < speeds.length; i++) {
        speeds[i][round] = parts.get(i).speed(PART);
      }
    }
    double peak = median(speeds[0]);
    System.out.printf(Locale.ROOT, "%d bits, peak %.1f GFLOP/s%n", VectorUnit.bits(), peak / 1e9);
    boolean passes = true;
    for (int i = 1; i < speeds.length; i++) {
      var part = parts.get(i);
      var shares = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        shares[round] = speeds[i][round] / speeds[0][round];
      }
      double share = median(shares);
      boolean enough = share >= part.least;
      passes &= enough;
      System.out.printf(
          Locale.ROOT,
          "%-28s %7.1f GFLOP/s  %.3f of the peak, at least %.2f: %s%n",
          part.name,
          median(speeds[i]) / 1e9,
          share,
          part.least,
          enough ? "met" : "MISSED");
    }
    return passes;
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static Part product(
      Region region, Backend backend, String name, int outputs, int inputs) {
    var weights = Operand.matrix(region, outputs, inputs);
    Gemm.Packed packed = backend.gemm().pack(List.of(weights), List.of(), region);
    var x = Operand.matrix(region, TOKENS, inputs);
    var y = region.matrix(TOKENS, outputs);
    return new Part(
        "%s %d×%d×%d".formatted(name, TOKENS, inputs, outputs),
        2.0 * TOKENS * inputs * outputs,
        0.85,
        () -> backend.gemm().apply(x, packed, Activation.IDENTITY, y));
  }

  /** With the softmax, whose operations are not counted. */
  private static Part attention(Region region, Backend backend) {
    var together = Operand.matrix(region, TOKENS, 3 * Operand.HIDDEN);
    Matrix q = together.columns(0, Operand.HIDDEN);
    Matrix k = together.columns(Operand.HIDDEN, Operand.HIDDEN);
    Matrix v = together.columns(2 * Operand.HIDDEN, Operand.HIDDEN);
    var y = region.matrix(TOKENS, Operand.HIDDEN);
    var asked =
        Attention.Arguments.of(
            1, Operand.HEADS, TOKENS, TOKENS, Operand.HEAD_SIZE, q, k, v, 0.125f);
    return new Part(
        "attention %d×%d, %d heads".formatted(TOKENS, TOKENS, Operand.HEADS),
        4.0 * TOKENS * TOKENS * Operand.HIDDEN,
        0.60,
        () -> backend.attention().dense(asked, null, y));
  }

  private static Part peak() {
    var sums = new float[SPECIES_PREFERRED.length()];
    int steps = 100_000;
    return new Part("peak", MultiplyAdds.operations(steps), 1, () -> MultiplyAdds.run(steps, sums));
  }
}
