package io.lanewise.checkpoint.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.lanewise.memory.BrainFloat;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Converts between the little-endian floats of files and this machine's 32-bit floats.
 *
 * <p>It uses small arrays, because every compiler turns bulk copies and loops over arrays into
 * vector code.
 */
public final class Floats {
  private static final int BLOCK = 4096;
  private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE = JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private Floats() {}

  /** Widens (F64: rounds) all of {@code source} to the start of {@code target}. */
  static void widen(DType dtype, MemorySegment source, MemorySegment target) {
    long count = source.byteSize() / dtype.bytes();
    switch (dtype) {
      case F32 -> MemorySegment.copy(source, FLOAT, 0, target, JAVA_FLOAT_UNALIGNED, 0, count);
      case F16 -> halves(source, target, count);
      case BF16 -> brainFloats(source, target, count);
      case F64 -> doubles(source, target, count);
      default -> throw new IllegalArgumentException(dtype + " is no float");
    }
  }

  /**
   * Rounds all of {@code source} to nearest, ties to even, and writes them to the start of {@code
   * target}. Numbers beyond the range of F16 become infinite; for I8 they must be whole numbers in
   * its range.
   */
  static void narrow(DType dtype, MemorySegment source, MemorySegment target) {
    long count = source.byteSize() / Float.BYTES;
    if (dtype == DType.F32) {
      MemorySegment.copy(source, JAVA_FLOAT_UNALIGNED, 0, target, FLOAT, 0, count);
      return;
    }
    if (dtype == DType.I8) {
      wholeNumbers(source, target, count);
      return;
    }
    var in = new float[BLOCK];
    var out = new short[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(source, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, in, 0, n);
      for (int i = 0; i < n; i++) {
        out[i] =
            switch (dtype) {
              case F16 -> Float.floatToFloat16(in[i]);
              case BF16 -> BrainFloat.round(in[i]);
              default -> throw new IllegalArgumentException("no narrowing to " + dtype);
            };
      }
      MemorySegment.copy(out, 0, target, SHORT, at * Short.BYTES, n);
    }
  }

  private static void wholeNumbers(MemorySegment source, MemorySegment target, long count) {
    var in = new float[BLOCK];
    var out = new byte[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(source, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, in, 0, n);
      for (int i = 0; i < n; i++) {
        out[i] = (byte) in[i];
      }
      MemorySegment.copy(out, 0, target, JAVA_BYTE, at, n);
    }
  }

  /** The first finite float that would be infinite as F16; 0 if there is none. */
  public static float beyondHalf(MemorySegment floats) {
    var block = new float[BLOCK];
    long count = floats.byteSize() / Float.BYTES;
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(floats, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, block, 0, n);
      for (int i = 0; i < n; i++) {
        if (Math.abs(block[i]) >= 65520 && Float.isFinite(block[i])) { // halfway to 2^16
          return block[i];
        }
      }
    }
    return 0;
  }

  /** Converts 32-bit floats from the byte order of files to this machine's. */
  static void fromLittleEndian(MemorySegment floats) {
    if (ByteOrder.nativeOrder() != LITTLE_ENDIAN) {
      MemorySegment.copy(
          floats, FLOAT, 0, floats, JAVA_FLOAT_UNALIGNED, 0, floats.byteSize() / Float.BYTES);
    }
  }

  /** Fills all of {@code target} with one number. */
  public static void fill(MemorySegment target, float value) {
    var block = new float[BLOCK];
    Arrays.fill(block, value);
    long count = target.byteSize() / Float.BYTES;
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(block, 0, target, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, n);
    }
  }

  private static void halves(MemorySegment source, MemorySegment target, long count) {
    var in = new short[BLOCK];
    var out = new float[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(source, SHORT, at * Short.BYTES, in, 0, n);
      for (int i = 0; i < n; i++) {
        out[i] = Float.float16ToFloat(in[i]);
      }
      MemorySegment.copy(out, 0, target, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, n);
    }
  }

  private static void brainFloats(MemorySegment source, MemorySegment target, long count) {
    var in = new short[BLOCK];
    var out = new int[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(source, SHORT, at * Short.BYTES, in, 0, n);
      for (int i = 0; i < n; i++) {
        out[i] = in[i] << 16; // the upper half of the float
      }
      MemorySegment.copy(out, 0, target, JAVA_INT_UNALIGNED, at * Float.BYTES, n);
    }
  }

  private static void doubles(MemorySegment source, MemorySegment target, long count) {
    var in = new double[BLOCK];
    var out = new float[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(source, DOUBLE, at * Double.BYTES, in, 0, n);
      for (int i = 0; i < n; i++) {
        out[i] = (float) in[i];
      }
      MemorySegment.copy(out, 0, target, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, n);
    }
  }
}
