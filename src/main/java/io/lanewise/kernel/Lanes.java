package io.lanewise.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The two ways numbers get into a vector of the machine's own width.
 *
 * <p>The species is the JDK's field wherever it stands, here and in the kernels: through a field of
 * our own a native image runs them hundreds of times slower.
 */
final class Lanes {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Lanes() {}

  /** Floats of off-heap memory from byte {@code at}. */
  static FloatVector load(MemorySegment segment, long at) {
    return FloatVector.fromMemorySegment(
        FloatVector.SPECIES_PREFERRED, segment, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Floats of an array from index {@code at}. */
  static FloatVector load(float[] values, int at) {
    return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, values, at);
  }

  /** Stores to off-heap memory from byte {@code at}. */
  static void store(FloatVector vector, MemorySegment segment, long at) {
    vector.intoMemorySegment(segment, at, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies floats to an array, at a few nanoseconds where the library's bulk copy has an overhead
   * of dozens.
   */
  static void copy(MemorySegment from, long fromAt, float[] to, int toAt, int count) {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    int whole = count - count % lanes;
    for (int i = 0; i < whole; i += lanes) {
      load(from, fromAt + (long) i * Float.BYTES).intoArray(to, toAt + i);
    }
    if (whole < count) {
      long rest = fromAt + (long) whole * Float.BYTES;
      MemorySegment.copy(from, FLOAT, rest, to, toAt + whole, count - whole);
    }
  }

  /** Copies floats of an array to off-heap memory. */
  static void copy(float[] from, int fromAt, MemorySegment to, long toAt, int count) {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    int whole = count - count % lanes;
    for (int i = 0; i < whole; i += lanes) {
      store(load(from, fromAt + i), to, toAt + (long) i * Float.BYTES);
    }
    if (whole < count) {
      long rest = toAt + (long) whole * Float.BYTES;
      MemorySegment.copy(from, fromAt + whole, to, FLOAT, rest, count - whole);
    }
  }

  /** The same number in every lane. */
  static FloatVector splat(float value) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, value);
  }

  /**
   * The sum of all lanes, in an order that is always the same: that of the library's own reduction
   * changes when the method around it is compiled.
   *
   * @param scratch has room for the lanes from index {@code at}
   */
  static float sum(FloatVector vector, float[] scratch, int at) {
    vector.intoArray(scratch, at);
    float a = scratch[at];
    float b = scratch[at + 1];
    float c = scratch[at + 2];
    float d = scratch[at + 3];
    for (int i = at + 4; i < at + FloatVector.SPECIES_PREFERRED.length(); i += 4) {
      a += scratch[i];
      b += scratch[i + 1];
      c += scratch[i + 2];
      d += scratch[i + 3];
    }
    return (a + b) + (c + d);
  }
}
