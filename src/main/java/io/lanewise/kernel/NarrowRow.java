package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import java.lang.foreign.MemorySegment;

/**
 * One row by one panel of {@link NarrowPanels}, widened in registers: for few rows, where the way
 * from memory is what counts.
 *
 * <p>Every sum is in the order of k and by fused multiply-adds, so that an element has the bits
 * that {@link Panels#multiply} gives it with a {@link WidenedPanel}. What is said at {@link
 * WideTiles} holds here too; a second panel in the same method, or k unrolled, and the compiler
 * leaves calls in the loop: a fifth of the speed.
 */
final class NarrowRow {
  private NarrowRow() {}

  /**
   * {@code out[c] = start[c] + Σ x[k] · panel[k][c]} for bf16.
   *
   * @param x element k at {@code xAt + k}
   * @param panel words from byte {@code at}
   * @param start [width] from byte {@code startAt}
   */
  static void brainFloats(
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out) {
    if (Panels.width() == 4 * SPECIES_PREFERRED.length()) {
      wideBrainFloats(x, xAt, depth, panel, at, start, startAt, out);
    } else {
      brainFloatsOfTwo(x, xAt, depth, panel, at, start, startAt, out);
    }
  }

  /** {@code out[c] = Σ x[k] · q[k][c]} for int8, not yet scaled. */
  static void bytes(float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    if (Panels.width() == 4 * SPECIES_PREFERRED.length()) {
      wideBytes(x, xAt, depth, panel, at, out);
    } else {
      bytesOfTwo(x, xAt, depth, panel, at, out);
    }
  }

  private static void wideBrainFloats(
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
    for (int k = 0; k < depth; k++) {
      long row = at + 2 * bytes * k;
      var value = splat(x[xAt + k]);
      var words = Widening.load(panel, row);
      a0 = value.fma(Widening.lower(words), a0);
      a1 = value.fma(Widening.upper(words), a1);
      words = Widening.load(panel, row + bytes);
      a2 = value.fma(Widening.lower(words), a2);
      a3 = value.fma(Widening.upper(words), a3);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
  }

  private static void brainFloatsOfTwo(
      float[] x,
      int xAt,
      int depth,
      MemorySegment panel,
      long at,
      MemorySegment start,
      long startAt,
      float[] out) {
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = load(start, startAt);
    var a1 = load(start, startAt + bytes);
    for (int k = 0; k < depth; k++) {
      var value = splat(x[xAt + k]);
      var words = Widening.load(panel, at + bytes * k);
      a0 = value.fma(Widening.lower(words), a0);
      a1 = value.fma(Widening.upper(words), a1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, SPECIES_PREFERRED.length());
  }

  private static void wideBytes(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = splat(0);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    for (int k = 0; k < depth; k++) {
      var value = splat(x[xAt + k]);
      var words = Widening.load(panel, at + bytes * k);
      a0 = value.fma(Widening.first(words), a0);
      a1 = value.fma(Widening.second(words), a1);
      a2 = value.fma(Widening.third(words), a2);
      a3 = value.fma(Widening.fourth(words), a3);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
  }

  /** A vector of words holds the numbers of two k. */
  private static void bytesOfTwo(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = splat(0);
    var a1 = a0;
    int pairs = depth / 2;
    for (int i = 0; i < pairs; i++) {
      var words = Widening.load(panel, at + bytes * i);
      var value = splat(x[xAt + 2 * i]);
      a0 = value.fma(Widening.first(words), a0);
      a1 = value.fma(Widening.second(words), a1);
      value = splat(x[xAt + 2 * i + 1]);
      a0 = value.fma(Widening.third(words), a0);
      a1 = value.fma(Widening.fourth(words), a1);
    }
    if (depth % 2 == 1) {
      var words = Widening.load(panel, at + bytes * pairs);
      var value = splat(x[xAt + depth - 1]);
      a0 = value.fma(Widening.first(words), a0);
      a1 = value.fma(Widening.second(words), a1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, SPECIES_PREFERRED.length());
  }
}
