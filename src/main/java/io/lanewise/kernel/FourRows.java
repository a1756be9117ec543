package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Packed;
import java.lang.foreign.MemorySegment;

/**
 * Four rows by one panel of fewer bits, as four beams have them: the weights are widened once, in
 * registers. Only where {@link #isHere there are registers enough}.
 *
 * <p>Sums are in the order of k and have the bits of {@link SingleRow}; what is said there and at
 * {@link WideTiles} holds here too.
 */
final class FourRows {
  private FourRows() {}

  /** Whether a panel has four vectors a row, as with 32 registers. */
  static boolean isHere() {
    return Panels.width() == 4 * SPECIES_PREFERRED.length();
  }

  /**
   * {@code out[r][c] = bias[c] + Σ x[r][k] · panel[k][c]}; for int8 without bias, and not yet
   * scaled.
   *
   * @param x row r, element k at {@code xAt + r * inputs + k}
   * @param packed bf16 or int8
   * @param out [4, width]
   */
  static void multiply(float[] x, int xAt, Packed packed, int panel, float[] out) {
    var precision = packed.layout().precision();
    int depth = packed.inputs();
    long at = panel * NarrowPanels.bytes(NarrowPanels.bits(precision), depth);
    if (precision == Precision.INT8) {
      bytes(x, xAt, depth, packed.weights(), at, out);
    } else {
      long biasAt = (long) panel * Panels.width() * Float.BYTES;
      brainFloats(x, xAt, depth, packed.weights(), at, packed.bias(), biasAt, out);
    }
  }

  private static void brainFloats(
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = load(start, startAt);
    var a1 = load(start, startAt + bytes);
    var a2 = load(start, startAt + 2 * bytes);
    var a3 = load(start, startAt + 3 * bytes);
    var b0 = a0;
    var b1 = a1;
    var b2 = a2;
    var b3 = a3;
    var c0 = a0;
    var c1 = a1;
    var c2 = a2;
    var c3 = a3;
    var d0 = a0;
    var d1 = a1;
    var d2 = a2;
    var d3 = a3;
    int x1 = xAt + depth;
    int x2 = x1 + depth;
    int x3 = x2 + depth;
    for (int k = 0; k < depth; k++) {
      long row = at + 2 * bytes * k;
      var words = Widening.load(panel, row);
      var w0 = Widening.lower(words);
      var w1 = Widening.upper(words);
      words = Widening.load(panel, row + bytes);
      var w2 = Widening.lower(words);
      var w3 = Widening.upper(words);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
      value = splat(x[x1 + k]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      b2 = value.fma(w2, b2);
      b3 = value.fma(w3, b3);
      value = splat(x[x2 + k]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      c2 = value.fma(w2, c2);
      c3 = value.fma(w3, c3);
      value = splat(x[x3 + k]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      d2 = value.fma(w2, d2);
      d3 = value.fma(w3, d3);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    b0.intoArray(out, 4 * lanes);
    b1.intoArray(out, 5 * lanes);
    b2.intoArray(out, 6 * lanes);
    b3.intoArray(out, 7 * lanes);
    c0.intoArray(out, 8 * lanes);
    c1.intoArray(out, 9 * lanes);
    c2.intoArray(out, 10 * lanes);
    c3.intoArray(out, 11 * lanes);
    d0.intoArray(out, 12 * lanes);
    d1.intoArray(out, 13 * lanes);
    d2.intoArray(out, 14 * lanes);
    d3.intoArray(out, 15 * lanes);
  }

  private static void bytes(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = splat(0);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    var b0 = a0;
    var b1 = a1;
    var b2 = a2;
    var b3 = a3;
    var c0 = a0;
    var c1 = a1;
    var c2 = a2;
    var c3 = a3;
    var d0 = a0;
    var d1 = a1;
    var d2 = a2;
    var d3 = a3;
    int x1 = xAt + depth;
    int x2 = x1 + depth;
    int x3 = x2 + depth;
    for (int k = 0; k < depth; k++) {
      var words = Widening.load(panel, at + bytes * k);
      var w0 = Widening.first(words);
      var w1 = Widening.second(words);
      var w2 = Widening.third(words);
      var w3 = Widening.fourth(words);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
      value = splat(x[x1 + k]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      b2 = value.fma(w2, b2);
      b3 = value.fma(w3, b3);
      value = splat(x[x2 + k]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      c2 = value.fma(w2, c2);
      c3 = value.fma(w3, c3);
      value = splat(x[x3 + k]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      d2 = value.fma(w2, d2);
      d3 = value.fma(w3, d3);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    b0.intoArray(out, 4 * lanes);
    b1.intoArray(out, 5 * lanes);
    b2.intoArray(out, 6 * lanes);
    b3.intoArray(out, 7 * lanes);
    c0.intoArray(out, 8 * lanes);
    c1.intoArray(out, 9 * lanes);
    c2.intoArray(out, 10 * lanes);
    c3.intoArray(out, 11 * lanes);
    d0.intoArray(out, 12 * lanes);
    d1.intoArray(out, 13 * lanes);
    d2.intoArray(out, 14 * lanes);
    d3.intoArray(out, 15 * lanes);
  }
}
