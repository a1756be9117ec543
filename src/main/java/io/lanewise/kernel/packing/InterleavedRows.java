package io.lanewise.kernel.packing;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.Precision;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.internal.vm.annotation.ForceInline;

/**
 * Rows of floats converted to bf16 or int8, or copied, in an order that needs no shuffling.
 *
 * <p>A word of 32 bits holds 2 (bf16) or 4 (int8) numbers that are 16 columns apart: word i of a
 * group holds those at i, i + 16 and so on. A group is 32 or 64 floats (16 if they stay floats);
 * the last one is padded with zeros. The order of terms is the same in both factors, so the
 * products are the same.
 */
public final class InterleavedRows {
  /** Words of a group. */
  private static final int WORDS = 16;

  /** The distance in columns between numbers that share a word. */
  public static final int APART = WORDS;

  private static final int NO_SIGN = 0x7fffffff;
  private static final int INFINITY = 0x7f800000;

  /** 1.5 · 2²³: adding it to a float leaves the nearest whole number in the lowest bits. */
  private static final float ROUNDER = 12582912f;

  private static final int LARGEST = 127;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private InterleavedRows() {}

  /** Numbers in a row of {@code columns} floats: whole groups. */
  public static int width(Precision precision, int columns) {
    int group = group(precision);
    return Math.multiplyExact(Math.ceilDiv(columns, group), group);
  }

  /** Floats of a group: the size of the buffer {@code tail}. */
  public static int group(Precision precision) {
    return WORDS * Integer.SIZE / bits(precision);
  }

  /** Bytes of a row. */
  public static long bytes(Precision precision, int columns) {
    return (long) width(precision, columns) * bits(precision) / Byte.SIZE;
  }

  private static int bits(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> Float.SIZE;
      case BFLOAT16 -> Short.SIZE;
      case INT8 -> Byte.SIZE;
    };
  }

  /**
   * Copies a row.
   *
   * @param tail room for a group
   */
  public static void copy(Matrix x, int row, MemorySegment out, long at, float[] tail) {
    int whole = x.columns() / WORDS * WORDS;
    MemorySegment.copy(x.data(), x.offset(row), out, at, (long) whole * Float.BYTES);
    if (whole < x.columns()) {
      copyTail(x, row, whole, tail, WORDS);
      MemorySegment.copy(tail, 0, out, FLOAT, at + (long) whole * Float.BYTES, WORDS);
    }
  }

  /**
   * Rounds a row to bf16, to nearest, ties to even. A quiet NaN stays a quiet NaN.
   *
   * @param tail room for a group
   */
  public static void toBrainFloats(Matrix x, int row, MemorySegment out, long at, float[] tail) {
    int group = 2 * WORDS;
    int whole = x.columns() / group * group;
    var data = Lanes.base(x.data());
    long from = Lanes.offset(x.data(), x.offset(row));
    var target = Lanes.base(out);
    long first = Lanes.offset(out, at);
    for (int k = 0; k < whole; k += group) {
      for (int i = 0; i < WORDS; i += SPECIES_PREFERRED.length()) {
        long place = from + (long) (k + i) * Float.BYTES;
        var low = rounded(Lanes.load(data, place));
        var high = rounded(Lanes.load(data, place + WORDS * Float.BYTES));
        long to = first + (long) k * Short.BYTES + (long) i * Integer.BYTES;
        Lanes.store(brainFloats(low, high), target, to);
      }
    }
    if (whole < x.columns()) {
      copyTail(x, row, whole, tail, group);
      for (int i = 0; i < WORDS; i += SPECIES_PREFERRED.length()) {
        var low = rounded(Lanes.load(tail, i));
        var high = rounded(Lanes.load(tail, WORDS + i));
        long to = first + (long) whole * Short.BYTES + (long) i * Integer.BYTES;
        Lanes.store(brainFloats(low, high), target, to);
      }
    }
  }

  /**
   * Multiplies floats by a factor and rounds them to bf16, in the same order.
   *
   * @param count whole groups
   */
  public static void toBrainFloats(float[] x, int count, float factor, MemorySegment out, long at) {
    var target = Lanes.base(out);
    long first = Lanes.offset(out, at);
    for (int k = 0; k < count; k += 2 * WORDS) {
      for (int i = 0; i < WORDS; i += SPECIES_PREFERRED.length()) {
        var low = rounded(Lanes.load(x, k + i).mul(factor));
        var high = rounded(Lanes.load(x, k + WORDS + i).mul(factor));
        long to = first + (long) k * Short.BYTES + (long) i * Integer.BYTES;
        Lanes.store(brainFloats(low, high), target, to);
      }
    }
  }

  /**
   * Rounds two rows of floats to bf16 and puts the numbers of a column into one word.
   *
   * @param low the row for the lower half of each word
   * @param from the first column
   * @param count columns, whole vectors
   */
  public static void pair(
      float[] low, float[] high, int from, int count, MemorySegment out, long at) {
    var target = Lanes.base(out);
    long to = Lanes.offset(out, at);
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      var first = rounded(Lanes.load(low, from + i));
      var second = rounded(Lanes.load(high, from + i));
      Lanes.store(brainFloats(first, second), target, to + (long) i * Integer.BYTES);
    }
  }

  /**
   * Which two rows of the right factor are stored as a pair, if the left factor is in this order.
   *
   * @param pair counted from 0
   * @return the first row; the second is {@link #APART} rows behind it
   */
  public static int firstOfPair(int pair) {
    return pair / WORDS * 2 * WORDS + pair % WORDS;
  }

  /** The upper half of each float, rounded; the lower half is undefined. */
  @ForceInline
  private static IntVector rounded(FloatVector x) {
    var bits = x.reinterpretAsInts();
    var odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
    // a NaN with all bits set would be rounded up to −0
    var magnitude = bits.and(NO_SIGN).min(0x7fff0000).add(odd).add(0x7fff);
    return magnitude.or(bits.and(~NO_SIGN));
  }

  @ForceInline
  private static IntVector brainFloats(IntVector low, IntVector high) {
    return low.lanewise(VectorOperators.LSHR, Short.SIZE).or(high.and(0xffff0000));
  }

  /**
   * Rounds a row to whole numbers from −127 to 127, {@code x ≈ scale · q} with {@code scale = max
   * |x| / 127}.
   *
   * @param tail room for a group
   * @return the scale; 0 if all floats are 0 or too small for a scale, NaN if one is not finite
   */
  public static float toInt8(Matrix x, int row, MemorySegment out, long at, float[] tail) {
    int largest = largest(x, row, tail);
    float limit = Float.intBitsToFloat(largest);
    float factor = LARGEST / limit;
    boolean usable = largest < INFINITY && factor < Float.POSITIVE_INFINITY;
    toInt8(x, row, usable ? factor : 0, out, at, tail);
    if (largest >= INFINITY) {
      return Float.NaN;
    }
    return usable ? limit / LARGEST : 0;
  }

  /** The bits of the largest magnitude; a NaN counts as larger than all numbers. */
  private static int largest(Matrix x, int row, float[] tail) {
    int group = 4 * WORDS;
    int whole = x.columns() / group * group;
    copyTail(x, row, whole, tail, group);
    return Math.max(largest(tail, group), largest(x.data(), x.offset(row), whole));
  }

  /**
   * The same for an array. It is a separate method, because a native image does not compile a
   * vector that is passed from one loop to another.
   */
  private static int largest(float[] values, int count) {
    var largest = magnitude(Lanes.load(values, 0));
    for (int i = SPECIES_PREFERRED.length(); i < count; i += SPECIES_PREFERRED.length()) {
      largest = largest.max(magnitude(Lanes.load(values, i)));
    }
    return largest.reduceLanes(VectorOperators.MAX);
  }

  /**
   * The same for whole groups, in two independent chains that the processor executes in parallel.
   */
  private static int largest(MemorySegment values, long at, int count) {
    int lanes = SPECIES_PREFERRED.length();
    var data = Lanes.base(values);
    long from = Lanes.offset(values, at);
    var first = Lanes.splat(0).reinterpretAsInts();
    var second = first;
    for (int k = 0; k < count; k += 2 * lanes) {
      long place = from + (long) k * Float.BYTES;
      first = first.max(magnitude(Lanes.load(data, place)));
      second = second.max(magnitude(Lanes.load(data, place + (long) lanes * Float.BYTES)));
    }
    return first.max(second).reduceLanes(VectorOperators.MAX);
  }

  @ForceInline
  private static IntVector magnitude(FloatVector x) {
    return x.reinterpretAsInts().and(NO_SIGN);
  }

  /**
   * The nearest whole numbers to {@code factor · x}, ties to even.
   *
   * @param factor such that no result is beyond ±127; 0 makes all results 0
   * @param tail room for a group
   */
  public static void toInt8(
      Matrix x, int row, float factor, MemorySegment out, long at, float[] tail) {
    int group = 4 * WORDS;
    int whole = x.columns() / group * group;
    var data = Lanes.base(x.data());
    long from = Lanes.offset(x.data(), x.offset(row));
    var target = Lanes.base(out);
    long first = Lanes.offset(out, at);
    var factors = Lanes.splat(factor);
    long part = WORDS * Float.BYTES;
    for (int k = 0; k < whole; k += group) {
      for (int i = 0; i < WORDS; i += SPECIES_PREFERRED.length()) {
        long place = from + (long) (k + i) * Float.BYTES;
        var a = rounded(Lanes.load(data, place), factors);
        var b = rounded(Lanes.load(data, place + part), factors);
        var c = rounded(Lanes.load(data, place + 2 * part), factors);
        var d = rounded(Lanes.load(data, place + 3 * part), factors);
        Lanes.store(bytes(a, b, c, d), target, first + k + (long) i * Integer.BYTES);
      }
    }
    if (whole < x.columns()) {
      copyTail(x, row, whole, tail, group);
      for (int i = 0; i < WORDS; i += SPECIES_PREFERRED.length()) {
        var a = rounded(Lanes.load(tail, i), factors);
        var b = rounded(Lanes.load(tail, WORDS + i), factors);
        var c = rounded(Lanes.load(tail, 2 * WORDS + i), factors);
        var d = rounded(Lanes.load(tail, 3 * WORDS + i), factors);
        Lanes.store(bytes(a, b, c, d), target, first + whole + (long) i * Integer.BYTES);
      }
    }
  }

  /** A whole number in the lowest byte; the other bytes are undefined. */
  @ForceInline
  private static IntVector rounded(FloatVector x, FloatVector factors) {
    return x.fma(factors, Lanes.splat(ROUNDER)).reinterpretAsInts();
  }

  @ForceInline
  private static IntVector bytes(IntVector a, IntVector b, IntVector c, IntVector d) {
    var low = a.and(0xff).or(b.and(0xff).lanewise(VectorOperators.LSHL, 8));
    var high = c.and(0xff).lanewise(VectorOperators.LSHL, 16);
    return low.or(high).or(d.lanewise(VectorOperators.LSHL, 24));
  }

  /** Copies the floats from column {@code from} on, padded with zeros. */
  private static void copyTail(Matrix x, int row, int from, float[] tail, int group) {
    Arrays.fill(tail, 0, group, 0);
    long at = x.offset(row) + (long) from * Float.BYTES;
    MemorySegment.copy(x.data(), FLOAT, at, tail, 0, x.columns() - from);
  }
}
