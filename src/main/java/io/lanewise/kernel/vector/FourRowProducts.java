package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * Products of one query with four rows of keys or values, all heads side by side: the inner loops
 * of {@link FewQueryAttention}.
 *
 * <p>A row is divided into pieces of four vectors; a head has one or more pieces. So one loop runs
 * over all heads. A loop for each head would have only four rounds, and its overhead would exceed
 * its arithmetic.
 */
final class FourRowProducts {
  /** How many rows. */
  static final int ROWS = 4;

  private FourRowProducts() {}

  /** Floats of a piece. */
  static int piece() {
    return 4 * SPECIES_PREFERRED.length();
  }

  /**
   * Products of a query with four keys, summed within each lane.
   *
   * @param q [pieces, piece]
   * @param keys four rows from bytes {@code a} to {@code d}; some may be the same
   * @param out [4, pieces, lanes]
   */
  static void multiply(
      float[] q, int pieces, MemorySegment keys, long a, long b, long c, long d, float[] out) {
    var base = Lanes.base(keys);
    long start = Lanes.offset(keys, 0);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var nothing = splat(0);
    int outB = pieces * lanes;
    int outC = 2 * outB;
    int outD = 3 * outB;
    for (int i = 0; i < pieces; i++) {
      long at = start + 4 * bytes * i;
      int from = 4 * lanes * i;
      int to = lanes * i;
      var q0 = load(q, from);
      var q1 = load(q, from + lanes);
      var q2 = load(q, from + 2 * lanes);
      var q3 = load(q, from + 3 * lanes);
      var a0 = q0.fma(load(base, a + at), nothing);
      a0 = q1.fma(load(base, a + at + bytes), a0);
      a0 = q2.fma(load(base, a + at + 2 * bytes), a0);
      a0 = q3.fma(load(base, a + at + 3 * bytes), a0);
      a0.intoArray(out, to);
      var b0 = q0.fma(load(base, b + at), nothing);
      b0 = q1.fma(load(base, b + at + bytes), b0);
      b0 = q2.fma(load(base, b + at + 2 * bytes), b0);
      b0 = q3.fma(load(base, b + at + 3 * bytes), b0);
      b0.intoArray(out, outB + to);
      var c0 = q0.fma(load(base, c + at), nothing);
      c0 = q1.fma(load(base, c + at + bytes), c0);
      c0 = q2.fma(load(base, c + at + 2 * bytes), c0);
      c0 = q3.fma(load(base, c + at + 3 * bytes), c0);
      c0.intoArray(out, outC + to);
      var d0 = q0.fma(load(base, d + at), nothing);
      d0 = q1.fma(load(base, d + at + bytes), d0);
      d0 = q2.fma(load(base, d + at + 2 * bytes), d0);
      d0 = q3.fma(load(base, d + at + 3 * bytes), d0);
      d0.intoArray(out, outD + to);
    }
  }

  /**
   * {@code context += Σ weight · value} of four values, in their order.
   *
   * @param weights [pieces, 4]
   * @param values four rows from bytes {@code a} to {@code d}; some may be the same
   * @param context [pieces, piece]
   */
  static void weigh(
      float[] weights,
      int pieces,
      MemorySegment values,
      long a,
      long b,
      long c,
      long d,
      float[] context) {
    var base = Lanes.base(values);
    long start = Lanes.offset(values, 0);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    for (int i = 0; i < pieces; i++) {
      long at = start + 4 * bytes * i;
      int first = 4 * lanes * i;
      var sum0 = load(context, first);
      var sum1 = load(context, first + lanes);
      var sum2 = load(context, first + 2 * lanes);
      var sum3 = load(context, first + 3 * lanes);
      var weight = splat(weights[4 * i]);
      sum0 = weight.fma(load(base, a + at), sum0);
      sum1 = weight.fma(load(base, a + at + bytes), sum1);
      sum2 = weight.fma(load(base, a + at + 2 * bytes), sum2);
      sum3 = weight.fma(load(base, a + at + 3 * bytes), sum3);
      weight = splat(weights[4 * i + 1]);
      sum0 = weight.fma(load(base, b + at), sum0);
      sum1 = weight.fma(load(base, b + at + bytes), sum1);
      sum2 = weight.fma(load(base, b + at + 2 * bytes), sum2);
      sum3 = weight.fma(load(base, b + at + 3 * bytes), sum3);
      weight = splat(weights[4 * i + 2]);
      sum0 = weight.fma(load(base, c + at), sum0);
      sum1 = weight.fma(load(base, c + at + bytes), sum1);
      sum2 = weight.fma(load(base, c + at + 2 * bytes), sum2);
      sum3 = weight.fma(load(base, c + at + 3 * bytes), sum3);
      weight = splat(weights[4 * i + 3]);
      sum0 = weight.fma(load(base, d + at), sum0);
      sum1 = weight.fma(load(base, d + at + bytes), sum1);
      sum2 = weight.fma(load(base, d + at + 2 * bytes), sum2);
      sum3 = weight.fma(load(base, d + at + 3 * bytes), sum3);
      sum0.intoArray(context, first);
      sum1.intoArray(context, first + lanes);
      sum2.intoArray(context, first + 2 * lanes);
      sum3.intoArray(context, first + 3 * lanes);
    }
  }

  /**
   * Sums of the lanes of some vectors, by adding halves repeatedly. Results alternate between two
   * arrays, so that none is read just after it was stored.
   *
   * @param vectors [count, lanes], overwritten; with room for one more vector behind them
   * @param other of the same size
   * @return the array of the two whose first numbers are the sums
   */
  static float[] sums(float[] vectors, int count, float[] other) {
    var from = vectors;
    var to = other;
    for (int half = SPECIES_PREFERRED.length() / 2; half > 0; half /= 2) {
      fold(from, count, half, to);
      var full = to;
      to = from;
      from = full;
    }
    return from;
  }

  private static void fold(float[] from, int count, int half, float[] to) {
    for (int i = 0; i < count; i++) {
      int at = 2 * half * i;
      load(from, at).add(load(from, at + half)).intoArray(to, half * i);
    }
  }
}
