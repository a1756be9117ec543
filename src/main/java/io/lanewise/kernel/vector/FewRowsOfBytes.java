package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.packing.Widening;
import java.lang.foreign.MemorySegment;

/**
 * {@link FewRows} by a panel of int8, widened in registers and not yet scaled.
 *
 * <p>This file is written by {@code FewRowsWriter}, among the tests. Change it there.
 */
final class FewRowsOfBytes {
  private FewRowsOfBytes() {}

  /** As {@link FewRows#product}. */
  static void multiply(
      int rows,
      float[] x,
      int xAt,
      int stride,
      int depth,
      MemorySegment panel,
      long at,
      float[] out) {
    if (FewRows.haveFourVectors()) {
      switch (rows) {
        case 1 -> oneByFour(x, xAt, depth, panel, at, out);
        case 2 -> twoByFour(x, xAt, stride, depth, panel, at, out);
        default -> fourByFour(x, xAt, stride, depth, panel, at, out);
      }
    } else if (rows == 1) {
      oneByTwo(x, xAt, depth, panel, at, out);
    } else {
      twoByTwo(x, xAt, stride, depth, panel, at, out);
    }
  }

  /** One row, four vectors. */
  private static void oneByFour(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    var base = Lanes.base(panel);
    long first = Lanes.offset(panel, at);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    var a0 = load(out, 0);
    var a1 = load(out, lanes);
    var a2 = load(out, 2 * lanes);
    var a3 = load(out, 3 * lanes);
    for (int k = 0; k < depth; k++) {
      var words = Lanes.words(base, first + bytes * k);
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var w2 = Widening.third(words, mask, magic, zero);
      var w3 = Widening.fourth(words, magic, zero);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      a2 = value.fma(w2, a2);
      a3 = value.fma(w3, a3);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
  }

  /** Two rows, four vectors. */
  private static void twoByFour(
      float[] x, int xAt, int stride, int depth, MemorySegment panel, long at, float[] out) {
    var base = Lanes.base(panel);
    long first = Lanes.offset(panel, at);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    var a0 = load(out, 0);
    var a1 = load(out, lanes);
    var a2 = load(out, 2 * lanes);
    var a3 = load(out, 3 * lanes);
    var b0 = a0;
    var b1 = a1;
    var b2 = a2;
    var b3 = a3;
    int x1 = xAt + stride;
    for (int k = 0; k < depth; k++) {
      var words = Lanes.words(base, first + bytes * k);
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var w2 = Widening.third(words, mask, magic, zero);
      var w3 = Widening.fourth(words, magic, zero);
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
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    b0.intoArray(out, 4 * lanes);
    b1.intoArray(out, 5 * lanes);
    b2.intoArray(out, 6 * lanes);
    b3.intoArray(out, 7 * lanes);
  }

  /** Four rows, four vectors. */
  private static void fourByFour(
      float[] x, int xAt, int stride, int depth, MemorySegment panel, long at, float[] out) {
    var base = Lanes.base(panel);
    long first = Lanes.offset(panel, at);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    var a0 = load(out, 0);
    var a1 = load(out, lanes);
    var a2 = load(out, 2 * lanes);
    var a3 = load(out, 3 * lanes);
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
    int x1 = xAt + stride;
    int x2 = x1 + stride;
    int x3 = x2 + stride;
    for (int k = 0; k < depth; k++) {
      var words = Lanes.words(base, first + bytes * k);
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var w2 = Widening.third(words, mask, magic, zero);
      var w3 = Widening.fourth(words, magic, zero);
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

  /** One row, two vectors. */
  private static void oneByTwo(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    var base = Lanes.base(panel);
    long first = Lanes.offset(panel, at);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    var a0 = load(out, 0);
    var a1 = load(out, lanes);
    for (int i = 0; i < depth / 2; i++) {
      int k = 2 * i;
      var words = Lanes.words(base, first + bytes * i);
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      w0 = Widening.third(words, mask, magic, zero);
      w1 = Widening.fourth(words, magic, zero);
      value = splat(x[xAt + k + 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
    }
    if (depth % 2 == 1) {
      var words = Lanes.words(base, first + bytes * (depth / 2));
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var value = splat(x[xAt + depth - 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
  }

  /** Two rows, two vectors. */
  private static void twoByTwo(
      float[] x, int xAt, int stride, int depth, MemorySegment panel, long at, float[] out) {
    var base = Lanes.base(panel);
    long first = Lanes.offset(panel, at);
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    var a0 = load(out, 0);
    var a1 = load(out, lanes);
    var b0 = a0;
    var b1 = a1;
    int x1 = xAt + stride;
    for (int i = 0; i < depth / 2; i++) {
      int k = 2 * i;
      var words = Lanes.words(base, first + bytes * i);
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var value = splat(x[xAt + k]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
      w0 = Widening.third(words, mask, magic, zero);
      w1 = Widening.fourth(words, magic, zero);
      value = splat(x[xAt + k + 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + k + 1]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
    }
    if (depth % 2 == 1) {
      var words = Lanes.words(base, first + bytes * (depth / 2));
      var w0 = Widening.first(words, mask, magic, zero);
      var w1 = Widening.second(words, mask, magic, zero);
      var value = splat(x[xAt + depth - 1]);
      a0 = value.fma(w0, a0);
      a1 = value.fma(w1, a1);
      value = splat(x[x1 + depth - 1]);
      b0 = value.fma(w0, b0);
      b1 = value.fma(w1, b1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    b0.intoArray(out, 2 * lanes);
    b1.intoArray(out, 3 * lanes);
  }
}
