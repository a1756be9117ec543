package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Packed;
import java.lang.foreign.MemorySegment;

/**
 * One row by one panel, for a few rows: the way of the weights from memory is what counts then.
 * Those of fewer bits are widened in registers.
 *
 * <p>A loop that computes with what it loads waits at each cache line that is not there yet, and
 * has no more than a dozen of them on their way. So a panel is taken a block at a time: one loop
 * that does nothing but touch its lines, and has as many on their way as the processor can; and one
 * that computes, out of the nearest cache. What is touched leaves a trace behind the result, or the
 * compiler would leave that loop out.
 *
 * <p>Every sum is in the order of k and by fused multiply-adds, so that an element has the bits
 * that {@link Panels#multiply} gives it, with a {@link WidenedPanel} if need be. What is said at
 * {@link WideTiles} holds here too; a second panel in the same method, or k unrolled, and the
 * compiler leaves calls in the loop: a fifth of the speed.
 */
final class SingleRow {
  /** Bytes of a block; from 4 KB on there is less to gain. */
  private static final int BLOCK = 2 << 10;

  /** Bytes of a cache line, or half of one. */
  private static final int LINE = 64;

  private SingleRow() {}

  /**
   * {@code out[c] = bias[c] + Σ x[k] · panel[k][c]}; for int8 without bias, and not yet scaled.
   *
   * @param x element k at {@code xAt + k}
   * @param out [width], and room for one more vector behind it
   */
  static void multiply(float[] x, int xAt, Packed packed, int panel, float[] out) {
    var precision = packed.layout().precision();
    int width = Panels.width();
    int depth = packed.inputs();
    var weights = packed.weights();
    var bias = packed.bias();
    long at = panel * NarrowPanels.bytes(NarrowPanels.bits(precision), depth);
    long biasAt = (long) panel * width * Float.BYTES;
    boolean wide = width == 4 * SPECIES_PREFERRED.length();
    switch (precision) {
      case FLOAT32 -> {
        if (wide) {
          wideFloats(x, xAt, depth, weights, at, bias, biasAt, out);
        } else {
          floatsOfTwo(x, xAt, depth, weights, at, bias, biasAt, out);
        }
      }
      case BFLOAT16 -> {
        if (wide) {
          wideBrainFloats(x, xAt, depth, weights, at, bias, biasAt, out);
        } else {
          brainFloatsOfTwo(x, xAt, depth, weights, at, bias, biasAt, out);
        }
      }
      case INT8 -> {
        if (wide) {
          wideBytes(x, xAt, depth, weights, at, out);
        } else {
          bytesOfTwo(x, xAt, depth, weights, at, out);
        }
      }
    }
  }

  private static void wideFloats(
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
    long rowBytes = 4 * bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < depth; from += step) {
      int end = Math.min(from + step, depth);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int k = from; k < end; k++) {
        long row = at + rowBytes * k;
        var value = splat(x[xAt + k]);
        a0 = value.fma(load(panel, row), a0);
        a1 = value.fma(load(panel, row + bytes), a1);
        a2 = value.fma(load(panel, row + 2 * bytes), a2);
        a3 = value.fma(load(panel, row + 3 * bytes), a3);
      }
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    seen.reinterpretAsFloats().intoArray(out, 4 * lanes);
  }

  private static void floatsOfTwo(
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
    long rowBytes = 2 * bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < depth; from += step) {
      int end = Math.min(from + step, depth);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int k = from; k < end; k++) {
        long row = at + rowBytes * k;
        var value = splat(x[xAt + k]);
        a0 = value.fma(load(panel, row), a0);
        a1 = value.fma(load(panel, row + bytes), a1);
      }
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    seen.reinterpretAsFloats().intoArray(out, 2 * lanes);
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
    long rowBytes = 2 * bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < depth; from += step) {
      int end = Math.min(from + step, depth);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int k = from; k < end; k++) {
        long row = at + rowBytes * k;
        var value = splat(x[xAt + k]);
        var words = Widening.load(panel, row);
        a0 = value.fma(Widening.lower(words), a0);
        a1 = value.fma(Widening.upper(words), a1);
        words = Widening.load(panel, row + bytes);
        a2 = value.fma(Widening.lower(words), a2);
        a3 = value.fma(Widening.upper(words), a3);
      }
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    seen.reinterpretAsFloats().intoArray(out, 4 * lanes);
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
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = load(start, startAt);
    var a1 = load(start, startAt + bytes);
    long rowBytes = bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < depth; from += step) {
      int end = Math.min(from + step, depth);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int k = from; k < end; k++) {
        long row = at + rowBytes * k;
        var value = splat(x[xAt + k]);
        var words = Widening.load(panel, row);
        a0 = value.fma(Widening.lower(words), a0);
        a1 = value.fma(Widening.upper(words), a1);
      }
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    seen.reinterpretAsFloats().intoArray(out, 2 * lanes);
  }

  private static void wideBytes(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = splat(0);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    long rowBytes = bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < depth; from += step) {
      int end = Math.min(from + step, depth);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int k = from; k < end; k++) {
        var value = splat(x[xAt + k]);
        var words = Widening.load(panel, at + rowBytes * k);
        a0 = value.fma(Widening.first(words), a0);
        a1 = value.fma(Widening.second(words), a1);
        a2 = value.fma(Widening.third(words), a2);
        a3 = value.fma(Widening.fourth(words), a3);
      }
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    a2.intoArray(out, 2 * lanes);
    a3.intoArray(out, 3 * lanes);
    seen.reinterpretAsFloats().intoArray(out, 4 * lanes);
  }

  /** A vector of words holds the numbers of two k. */
  private static void bytesOfTwo(
      float[] x, int xAt, int depth, MemorySegment panel, long at, float[] out) {
    int lanes = SPECIES_PREFERRED.length();
    long bytes = SPECIES_PREFERRED.vectorByteSize();
    var a0 = splat(0);
    var a1 = a0;
    int pairs = depth / 2;
    long rowBytes = bytes;
    int step = (int) (BLOCK / rowBytes);
    var seen = Widening.load(panel, at);
    for (int from = 0; from < pairs; from += step) {
      int end = Math.min(from + step, pairs);
      long block = at + rowBytes * from;
      int lines = (int) (rowBytes * (end - from) / LINE);
      for (int i = 0; i < lines; i++) {
        seen = seen.or(Widening.load(panel, block + (long) LINE * i));
      }
      for (int i = from; i < end; i++) {
        var words = Widening.load(panel, at + rowBytes * i);
        var value = splat(x[xAt + 2 * i]);
        a0 = value.fma(Widening.first(words), a0);
        a1 = value.fma(Widening.second(words), a1);
        value = splat(x[xAt + 2 * i + 1]);
        a0 = value.fma(Widening.third(words), a0);
        a1 = value.fma(Widening.fourth(words), a1);
      }
    }
    if (depth % 2 == 1) {
      var words = Widening.load(panel, at + rowBytes * pairs);
      var value = splat(x[xAt + depth - 1]);
      a0 = value.fma(Widening.first(words), a0);
      a1 = value.fma(Widening.second(words), a1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, lanes);
    seen.reinterpretAsFloats().intoArray(out, 2 * lanes);
  }
}
