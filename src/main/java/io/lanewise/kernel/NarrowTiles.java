package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import java.lang.foreign.MemorySegment;

/**
 * The innermost loop of the matrix product where there are 16 vector registers: tiles of 6, 4 or 1
 * rows by 2 vectors. Otherwise as {@link WideTiles}.
 *
 * <p>With one k a round the loop has more instructions than the processor takes in while it
 * multiplies, so it has two; where depth is odd it is left in the middle.
 *
 * <p>Six rows have more exits, which are never taken: k would have to be negative, which the
 * compiler does not know. An exit needs the sums so far, so what is loaded behind it cannot come
 * before the multiply-adds in front of it. Without them the compiler loads the numbers of all six
 * rows first, 12 sums + 2 vectors + 6 numbers in 16 registers, and the sums go to memory and back:
 * 0.4 of the speed. The exits would vanish if the method were inlined where depth and outStride are
 * constants; it is far too long for that.
 */
final class NarrowTiles {
  private NarrowTiles() {}

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
    var b0 = a0;
    var b1 = a1;
    var c0 = a0;
    var c1 = a1;
    var d0 = a0;
    var d1 = a1;
    var e0 = a0;
    var e1 = a1;
    var f0 = a0;
    var f1 = a1;
    int x1 = xAt + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    int b = outAt + outStride;
    int c = b + outStride;
    int d = c + outStride;
    int e = d + outStride;
    int f = e + outStride;
    int neither = ~depth;
    int nor = ~outStride;
    for (int k = 0; k < depth; k += 2) {
      long row = at + 2 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      if (k == neither) {
        break;
      }
      value = splat(x[x2 + k]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[x3 + k]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      if (k == nor) {
        break;
      }
      value = splat(x[x4 + k]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      value = splat(x[x5 + k]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
      if (k + 1 == depth) {
        break;
      }
      w0 = load(panels, row + 2 * bytes);
      w1 = load(panels, row + 3 * bytes);
      value = splat(x[xAt + k + 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k + 1]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      if (k + 1 == neither) {
        break;
      }
      value = splat(x[x2 + k + 1]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[x3 + k + 1]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      if (k + 1 == nor) {
        break;
      }
      value = splat(x[x4 + k + 1]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      value = splat(x[x5 + k + 1]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    b0.intoArray(out, b);
    b1.intoArray(out, b + lanes);
    c0.intoArray(out, c);
    c1.intoArray(out, c + lanes);
    d0.intoArray(out, d);
    d1.intoArray(out, d + lanes);
    e0.intoArray(out, e);
    e1.intoArray(out, e + lanes);
    f0.intoArray(out, f);
    f1.intoArray(out, f + lanes);
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
    var b0 = a0;
    var b1 = a1;
    var c0 = a0;
    var c1 = a1;
    var d0 = a0;
    var d1 = a1;
    int x1 = xAt + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int b = outAt + outStride;
    int c = b + outStride;
    int d = c + outStride;
    for (int k = 0; k < depth; k += 2) {
      long row = at + 2 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      value = splat(x[x2 + k]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[x3 + k]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      if (k + 1 == depth) {
        break;
      }
      w0 = load(panels, row + 2 * bytes);
      w1 = load(panels, row + 3 * bytes);
      value = splat(x[xAt + k + 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k + 1]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      value = splat(x[x2 + k + 1]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[x3 + k + 1]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    b0.intoArray(out, b);
    b1.intoArray(out, b + lanes);
    c0.intoArray(out, c);
    c1.intoArray(out, c + lanes);
    d0.intoArray(out, d);
    d1.intoArray(out, d + lanes);
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
    for (int k = 0; k < depth; k++) {
      long row = at + 2 * bytes * k;
      var w0 = load(panels, row);
      var w1 = load(panels, row + bytes);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
  }
}
