package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import java.lang.foreign.MemorySegment;

/**
 * The innermost loop of the matrix product where there are 32 vector registers: tiles of 6, 4 or 1
 * rows by 4 vectors.
 *
 * <p>Each method computes {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]}, every sum in the
 * order of k and by fused multiply-adds, so that the bits of an element are the same whichever
 * method computes it.
 *
 * <p>What keeps it fast, each point worth a factor of 3 to 30 in silence: every accumulator is a
 * local of its own, so that it stays in a register; nothing but loads, multiply-adds and plain
 * stores stands in the method, so that all of it is inlined (what comes after, bias aside, is done
 * on the stored tile by {@link TileOutput}); x is an array and the panel is off-heap memory, never
 * the other way round.
 */
final class WideTiles {
  private WideTiles() {}

  /**
   * Six rows.
   *
   * @param x row r, element k at {@code xAt + r * xStride + k}
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void six(
      float[] x,
      int xAt,
      int xStride,
      int depth,
      MemorySegment panels,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
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
    var e0 = a0;
    var e1 = a1;
    var e2 = a2;
    var e3 = a3;
    var f0 = a0;
    var f1 = a1;
    var f2 = a2;
    var f3 = a3;
    int x1 = xAt + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    for (int k = 0; k < depth; k++) {
      long row = at + 4 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var w2 = load(panels, row + 2 * bytes);
      var w3 = load(panels, row + 3 * bytes);
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
      value = splat(x[x4 + k]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      e2 = value.fma(w2, e2);
      e3 = value.fma(w3, e3);
      value = splat(x[x5 + k]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
      f2 = value.fma(w2, f2);
      f3 = value.fma(w3, f3);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
    int b = outAt + outStride;
    b0.intoArray(out, b);
    b1.intoArray(out, b + lanes);
    b2.intoArray(out, b + 2 * lanes);
    b3.intoArray(out, b + 3 * lanes);
    int c = b + outStride;
    c0.intoArray(out, c);
    c1.intoArray(out, c + lanes);
    c2.intoArray(out, c + 2 * lanes);
    c3.intoArray(out, c + 3 * lanes);
    int d = c + outStride;
    d0.intoArray(out, d);
    d1.intoArray(out, d + lanes);
    d2.intoArray(out, d + 2 * lanes);
    d3.intoArray(out, d + 3 * lanes);
    int e = d + outStride;
    e0.intoArray(out, e);
    e1.intoArray(out, e + lanes);
    e2.intoArray(out, e + 2 * lanes);
    e3.intoArray(out, e + 3 * lanes);
    int f = e + outStride;
    f0.intoArray(out, f);
    f1.intoArray(out, f + lanes);
    f2.intoArray(out, f + 2 * lanes);
    f3.intoArray(out, f + 3 * lanes);
  }

  /** Four rows. */
  static void four(
      float[] x,
      int xAt,
      int xStride,
      int depth,
      MemorySegment panels,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt,
      int outStride) {
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
    int x1 = xAt + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    for (int k = 0; k < depth; k++) {
      long row = at + 4 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var w2 = load(panels, row + 2 * bytes);
      var w3 = load(panels, row + 3 * bytes);
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
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
    int b = outAt + outStride;
    b0.intoArray(out, b);
    b1.intoArray(out, b + lanes);
    b2.intoArray(out, b + 2 * lanes);
    b3.intoArray(out, b + 3 * lanes);
    int c = b + outStride;
    c0.intoArray(out, c);
    c1.intoArray(out, c + lanes);
    c2.intoArray(out, c + 2 * lanes);
    c3.intoArray(out, c + 3 * lanes);
    int d = c + outStride;
    d0.intoArray(out, d);
    d1.intoArray(out, d + lanes);
    d2.intoArray(out, d + 2 * lanes);
    d3.intoArray(out, d + 3 * lanes);
  }

  /** One row. */
  static void one(
      float[] x,
      int xAt,
      int depth,
      MemorySegment panels,
      long at,
      MemorySegment start,
      long startAt,
      float[] out,
      int outAt) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = load(start, startAt);
    var a1 = load(start, startAt + bytes);
    var a2 = load(start, startAt + 2 * bytes);
    var a3 = load(start, startAt + 3 * bytes);
    for (int k = 0; k < depth; k++) {
      long row = at + 4 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var w2 = load(panels, row + 2 * bytes);
      var w3 = load(panels, row + 3 * bytes);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
  }
}
