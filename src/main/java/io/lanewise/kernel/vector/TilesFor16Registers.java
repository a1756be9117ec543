package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;
import java.lang.foreign.MemorySegment;

/**
 * Register tiles for 16 vector registers. Two k a round, for with one of them the loop has more
 * instructions than the processor takes in while it multiplies.
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
@SuppressWarnings("NarrowCalculation") // a long k would leave no check in the round
final class TilesFor16Registers {
  /** Rows of x that are packed together. */
  static final int GROUP = 6;

  /** How many k of a row lie together in a group. */
  static final int BLOCK = 256;

  private TilesFor16Registers() {}

  /**
   * Six rows by two vectors.
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
    int block = xAt;
    for (int left = depth; left > 0; left -= BLOCK) {
      int end = Math.min(left, BLOCK);
      for (int k = 0; k < end; k += 2) {
        int i = block + k;
        long vector = row + k * 2 * bytes; // not a long k: see above
        var w0 = load(weights, vector);
        var w1 = load(weights, vector + bytes);
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
        if (k + 1 == end) {
          break;
        }
        w0 = load(weights, vector + 2 * bytes);
        w1 = load(weights, vector + 3 * bytes);
        value = splat(x[i + 1]);
        a0 = value.fma(w0, a0);
        a1 = value.fma(w1, a1);
        value = splat(x[i + BLOCK + 1]);
        b0 = value.fma(w0, b0);
        b1 = value.fma(w1, b1);
        value = splat(x[i + 2 * BLOCK + 1]);
        c0 = value.fma(w0, c0);
        c1 = value.fma(w1, c1);
        value = splat(x[i + 3 * BLOCK + 1]);
        d0 = value.fma(w0, d0);
        d1 = value.fma(w1, d1);
        value = splat(x[i + 4 * BLOCK + 1]);
        e0 = value.fma(w0, e0);
        e1 = value.fma(w1, e1);
        value = splat(x[i + 5 * BLOCK + 1]);
        f0 = value.fma(w0, f0);
        f1 = value.fma(w1, f1);
      }
      block += GROUP * BLOCK;
      row += 2 * BLOCK * bytes;
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
  }

  /**
   * Four rows by two vectors.
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
    var b0 = a0;
    var b1 = a1;
    var c0 = a0;
    var c1 = a1;
    var d0 = a0;
    var d1 = a1;
    int block = xAt;
    for (int left = depth; left > 0; left -= BLOCK) {
      int end = Math.min(left, BLOCK);
      for (int k = 0; k < end; k += 2) {
        int i = block + k;
        long vector = row + k * 2 * bytes; // not a long k: see above
        var w0 = load(weights, vector);
        var w1 = load(weights, vector + bytes);
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
        if (k + 1 == end) {
          break;
        }
        w0 = load(weights, vector + 2 * bytes);
        w1 = load(weights, vector + 3 * bytes);
        value = splat(x[i + 1]);
        a0 = value.fma(w0, a0);
        a1 = value.fma(w1, a1);
        value = splat(x[i + BLOCK + 1]);
        b0 = value.fma(w0, b0);
        b1 = value.fma(w1, b1);
        value = splat(x[i + 2 * BLOCK + 1]);
        c0 = value.fma(w0, c0);
        c1 = value.fma(w1, c1);
        value = splat(x[i + 3 * BLOCK + 1]);
        d0 = value.fma(w0, d0);
        d1 = value.fma(w1, d1);
      }
      block += GROUP * BLOCK;
      row += 2 * BLOCK * bytes;
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
  }

  /**
   * One row by two vectors.
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
    for (int k = 0; k < depth; k++) {
      int i = xAt + k + (k & -BLOCK) * (GROUP - 1);
      var w0 = load(weights, row);
      var w1 = load(weights, row + bytes);
      var value = splat(x[i]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      row += 2 * bytes;
    }
    a0.intoArray(out, outAt);
    a1.intoArray(out, outAt + lanes);
  }
}
