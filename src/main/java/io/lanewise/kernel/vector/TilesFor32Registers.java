package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * Register tiles for 32 vector registers. Twelve rows and two vectors are 24 sums: each round has
 * two loads of the panel for 24 multiply-adds, and no address but x's and the panel's.
 *
 * <p>Each method computes {@code out[r][c] = start[c] + Σ x[r][k] · panel[k][c]}, every sum in the
 * order of k and by fused multiply-adds, so that the bits of an element are the same whichever
 * method computes it. Rows of x are packed in groups ({@link
 * io.lanewise.kernel.packing.GroupedRows}), so that one address serves all of them: with an address
 * a row the compiler runs out of registers.
 *
 * <p>What keeps it fast, each point worth a factor of 2 to 30 in silence: every sum is a local of
 * its own, so that it stays in a register; nothing but loads, multiply-adds and plain stores stands
 * in the method, so that all of it is inlined; x is an array and the panel is off-heap memory; and
 * a check of bounds stays in each round between the loads of the panel and those of x. Without it
 * the compiler loads all numbers of a round first, and the sums go to memory and back.
 *
 * <p>This file is written by {@code TileWriter}, among the tests. Change it there.
 */
final class TilesFor32Registers {
  /** Rows of x that are packed together. */
  static final int GROUP = 12;

  /** How many k of a row lie together in a group. */
  static final int BLOCK = 64;

  private TilesFor32Registers() {}

  /**
   * Twelve rows by two vectors.
   *
   * @param x a group of rows from {@code xAt}, or the tile's first row of it
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void twelve(
      float[] x,
      int xAt,
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
    var weights = Lanes.base(panels);
    long row = Lanes.offset(panels, at);
    var summands = Lanes.base(start);
    long first = Lanes.offset(start, startAt);
    var a0 = load(summands, first);
    var a1 = load(summands, first + bytes);
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
    var g0 = a0;
    var g1 = a1;
    var h0 = a0;
    var h1 = a1;
    var i0 = a0;
    var i1 = a1;
    var j0 = a0;
    var j1 = a1;
    var k0 = a0;
    var k1 = a1;
    var l0 = a0;
    var l1 = a1;
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[i + BLOCK]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      value = splat(x[i + 2 * BLOCK]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[i + 3 * BLOCK]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      value = splat(x[i + 4 * BLOCK]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      value = splat(x[i + 5 * BLOCK]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
      value = splat(x[i + 6 * BLOCK]);
      g0 = value.fma(w0, g0);
      g1 = value.fma(w1, g1);
      value = splat(x[i + 7 * BLOCK]);
      h0 = value.fma(w0, h0);
      h1 = value.fma(w1, h1);
      value = splat(x[i + 8 * BLOCK]);
      i0 = value.fma(w0, i0);
      i1 = value.fma(w1, i1);
      value = splat(x[i + 9 * BLOCK]);
      j0 = value.fma(w0, j0);
      j1 = value.fma(w1, j1);
      value = splat(x[i + 10 * BLOCK]);
      k0 = value.fma(w0, k0);
      k1 = value.fma(w1, k1);
      value = splat(x[i + 11 * BLOCK]);
      l0 = value.fma(w0, l0);
      l1 = value.fma(w1, l1);
      row += 4 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    int to = outAt + outStride;
    b0.intoArray(out, to);
    b1.intoArray(out, to + lanes);
    to += outStride;
    c0.intoArray(out, to);
    c1.intoArray(out, to + lanes);
    to += outStride;
    d0.intoArray(out, to);
    d1.intoArray(out, to + lanes);
    to += outStride;
    e0.intoArray(out, to);
    e1.intoArray(out, to + lanes);
    to += outStride;
    f0.intoArray(out, to);
    f1.intoArray(out, to + lanes);
    to += outStride;
    g0.intoArray(out, to);
    g1.intoArray(out, to + lanes);
    to += outStride;
    h0.intoArray(out, to);
    h1.intoArray(out, to + lanes);
    to += outStride;
    i0.intoArray(out, to);
    i1.intoArray(out, to + lanes);
    to += outStride;
    j0.intoArray(out, to);
    j1.intoArray(out, to + lanes);
    to += outStride;
    k0.intoArray(out, to);
    k1.intoArray(out, to + lanes);
    to += outStride;
    l0.intoArray(out, to);
    l1.intoArray(out, to + lanes);
  }

  /**
   * Eight rows by two vectors.
   *
   * @param x a group of rows from {@code xAt}, or the tile's first row of it
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void eight(
      float[] x,
      int xAt,
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
    var weights = Lanes.base(panels);
    long row = Lanes.offset(panels, at);
    var summands = Lanes.base(start);
    long first = Lanes.offset(start, startAt);
    var a0 = load(summands, first);
    var a1 = load(summands, first + bytes);
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
    var g0 = a0;
    var g1 = a1;
    var h0 = a0;
    var h1 = a1;
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[i + BLOCK]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      value = splat(x[i + 2 * BLOCK]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      value = splat(x[i + 3 * BLOCK]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      value = splat(x[i + 4 * BLOCK]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      value = splat(x[i + 5 * BLOCK]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
      value = splat(x[i + 6 * BLOCK]);
      g0 = value.fma(w0, g0);
      g1 = value.fma(w1, g1);
      value = splat(x[i + 7 * BLOCK]);
      h0 = value.fma(w0, h0);
      h1 = value.fma(w1, h1);
      row += 4 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    int to = outAt + outStride;
    b0.intoArray(out, to);
    b1.intoArray(out, to + lanes);
    to += outStride;
    c0.intoArray(out, to);
    c1.intoArray(out, to + lanes);
    to += outStride;
    d0.intoArray(out, to);
    d1.intoArray(out, to + lanes);
    to += outStride;
    e0.intoArray(out, to);
    e1.intoArray(out, to + lanes);
    to += outStride;
    f0.intoArray(out, to);
    f1.intoArray(out, to + lanes);
    to += outStride;
    g0.intoArray(out, to);
    g1.intoArray(out, to + lanes);
    to += outStride;
    h0.intoArray(out, to);
    h1.intoArray(out, to + lanes);
  }

  /**
   * Six rows by four vectors.
   *
   * @param x a group of rows from {@code xAt}, or the tile's first row of it
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void six(
      float[] x,
      int xAt,
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
    var weights = Lanes.base(panels);
    long row = Lanes.offset(panels, at);
    var summands = Lanes.base(start);
    long first = Lanes.offset(start, startAt);
    var a0 = load(summands, first);
    var a1 = load(summands, first + bytes);
    var a2 = load(summands, first + 2 * bytes);
    var a3 = load(summands, first + 3 * bytes);
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
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var w2 = load(weights, row + 2 * bytes);
      var w3 = load(weights, row + 3 * bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
      value = splat(x[i + BLOCK]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      b2 = value.fma(w2, b2);
      b3 = value.fma(w3, b3);
      value = splat(x[i + 2 * BLOCK]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      c2 = value.fma(w2, c2);
      c3 = value.fma(w3, c3);
      value = splat(x[i + 3 * BLOCK]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      d2 = value.fma(w2, d2);
      d3 = value.fma(w3, d3);
      value = splat(x[i + 4 * BLOCK]);
      e0 = value.fma(w0, e0);
      e1 = value.fma(w1, e1);
      e2 = value.fma(w2, e2);
      e3 = value.fma(w3, e3);
      value = splat(x[i + 5 * BLOCK]);
      f0 = value.fma(w0, f0);
      f1 = value.fma(w1, f1);
      f2 = value.fma(w2, f2);
      f3 = value.fma(w3, f3);
      row += 4 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
    int to = outAt + outStride;
    b0.intoArray(out, to);
    b1.intoArray(out, to + lanes);
    b2.intoArray(out, to + 2 * lanes);
    b3.intoArray(out, to + 3 * lanes);
    to += outStride;
    c0.intoArray(out, to);
    c1.intoArray(out, to + lanes);
    c2.intoArray(out, to + 2 * lanes);
    c3.intoArray(out, to + 3 * lanes);
    to += outStride;
    d0.intoArray(out, to);
    d1.intoArray(out, to + lanes);
    d2.intoArray(out, to + 2 * lanes);
    d3.intoArray(out, to + 3 * lanes);
    to += outStride;
    e0.intoArray(out, to);
    e1.intoArray(out, to + lanes);
    e2.intoArray(out, to + 2 * lanes);
    e3.intoArray(out, to + 3 * lanes);
    to += outStride;
    f0.intoArray(out, to);
    f1.intoArray(out, to + lanes);
    f2.intoArray(out, to + 2 * lanes);
    f3.intoArray(out, to + 3 * lanes);
  }

  /**
   * Four rows by four vectors.
   *
   * @param x a group of rows from {@code xAt}, or the tile's first row of it
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
  static void four(
      float[] x,
      int xAt,
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
    var weights = Lanes.base(panels);
    long row = Lanes.offset(panels, at);
    var summands = Lanes.base(start);
    long first = Lanes.offset(start, startAt);
    var a0 = load(summands, first);
    var a1 = load(summands, first + bytes);
    var a2 = load(summands, first + 2 * bytes);
    var a3 = load(summands, first + 3 * bytes);
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
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var w2 = load(weights, row + 2 * bytes);
      var w3 = load(weights, row + 3 * bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
      value = splat(x[i + BLOCK]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      b2 = value.fma(w2, b2);
      b3 = value.fma(w3, b3);
      value = splat(x[i + 2 * BLOCK]);
      c0 = value.fma(w0, c0);
      c1 = value.fma(w1, c1);
      c2 = value.fma(w2, c2);
      c3 = value.fma(w3, c3);
      value = splat(x[i + 3 * BLOCK]);
      d0 = value.fma(w0, d0);
      d1 = value.fma(w1, d1);
      d2 = value.fma(w2, d2);
      d3 = value.fma(w3, d3);
      row += 4 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
    int to = outAt + outStride;
    b0.intoArray(out, to);
    b1.intoArray(out, to + lanes);
    b2.intoArray(out, to + 2 * lanes);
    b3.intoArray(out, to + 3 * lanes);
    to += outStride;
    c0.intoArray(out, to);
    c1.intoArray(out, to + lanes);
    c2.intoArray(out, to + 2 * lanes);
    c3.intoArray(out, to + 3 * lanes);
    to += outStride;
    d0.intoArray(out, to);
    d1.intoArray(out, to + lanes);
    d2.intoArray(out, to + 2 * lanes);
    d3.intoArray(out, to + 3 * lanes);
  }

  /**
   * One row by four vectors.
   *
   * @param x a group of rows from {@code xAt}, or the tile's first row of it
   * @param depth how many k
   * @param panels vectors of {@code panel[k]}, one k after the other from byte {@code at}
   * @param start a panel's row of first summands from byte {@code startAt}: the bias
   * @param out row r, column c at {@code outAt + r * outStride + c}
   */
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
    var weights = Lanes.base(panels);
    long row = Lanes.offset(panels, at);
    var summands = Lanes.base(start);
    long first = Lanes.offset(start, startAt);
    var a0 = load(summands, first);
    var a1 = load(summands, first + bytes);
    var a2 = load(summands, first + 2 * bytes);
    var a3 = load(summands, first + 3 * bytes);
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var w2 = load(weights, row + 2 * bytes);
      var w3 = load(weights, row + 3 * bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
      row += 4 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
    a2.intoArray(out, outAt + 2 * lanes);
    a3.intoArray(out, outAt + 3 * lanes);
  }
}
