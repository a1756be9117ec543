package io.lanewise.kernel;

import io.lanewise.memory.NativeImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.internal.vm.annotation.ForceInline;

/**
 * Loads and stores of vectors: the only class that moves vectors between memory and registers.
 *
 * <p>A kernel resolves each segment once, in its first lines; its loops load and store by the
 * result:
 *
 * <pre>{@code
 * var memory = Lanes.base(segment);
 * long first = Lanes.offset(segment, at);
 * for (...) {
 *   Lanes.load(memory, first + ...)
 * }
 * }</pre>
 *
 * <p>Two rules are needed for native images. The methods that load and store consist of a single
 * call: longer ones are not inlined there. And every method that takes or returns a vector is
 * marked {@link ForceInline}: if a call remains, each operation on the vector becomes a virtual
 * call, hundreds of times slower. HotSpot inlines these methods by itself and ignores the
 * annotation.
 *
 * <p>The species is always the JDK's own field, here and in the kernels: with a static field of our
 * own a native image runs them hundreds of times slower.
 */
public final class Lanes {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Bytes of a line of the cache, or half of one; no vector is longer. */
  public static final long LINE = 64;

  private Lanes() {}

  /**
   * The segment that a kernel loads from and stores to: in a native image the whole memory (see
   * {@link AllMemory}), otherwise the given segment.
   *
   * @throws IllegalArgumentException if the segment lies in the heap
   */
  @ForceInline
  public static MemorySegment base(MemorySegment segment) {
    if (!segment.isNative()) {
      throw onHeap(segment);
    }
    return NativeImage.isHere() ? AllMemory.SEGMENT : segment;
  }

  /**
   * The offset of byte {@code at} of a segment in its {@link #base}.
   *
   * @throws IllegalArgumentException if the segment lies in the heap
   */
  @ForceInline
  public static long offset(MemorySegment segment, long at) {
    if (!segment.isNative()) {
      throw onHeap(segment);
    }
    return NativeImage.isHere() ? segment.address() + at : at;
  }

  private static IllegalArgumentException onHeap(MemorySegment segment) {
    return new IllegalArgumentException(
        "a kernel reads and writes memory outside the Java heap only, and this is an array's: %s; copy it to an arena's memory first"
            .formatted(segment));
  }

  /** Floats of a {@link #base} from byte {@code at}. */
  @ForceInline
  public static FloatVector load(MemorySegment base, long at) {
    return FloatVector.fromMemorySegment(
        FloatVector.SPECIES_PREFERRED, base, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Words of 32 bits of a {@link #base} from byte {@code at}. */
  @ForceInline
  public static IntVector words(MemorySegment base, long at) {
    return IntVector.fromMemorySegment(
        IntVector.SPECIES_PREFERRED, base, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Floats of an array from index {@code at}. */
  @ForceInline
  public static FloatVector load(float[] values, int at) {
    return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, values, at);
  }

  /** Stores to a {@link #base} from byte {@code at}. */
  @ForceInline
  public static void store(FloatVector vector, MemorySegment base, long at) {
    vector.intoMemorySegment(base, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Stores words to a {@link #base} from byte {@code at}. */
  @ForceInline
  public static void store(IntVector words, MemorySegment base, long at) {
    words.intoMemorySegment(base, at, ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies floats to an array. It costs a few nanoseconds; the JDK's bulk copy has an overhead of
   * dozens.
   */
  public static void copy(MemorySegment from, long fromAt, float[] to, int toAt, int count) {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    int whole = count - count % lanes;
    var base = base(from);
    long first = offset(from, fromAt);
    for (int i = 0; i < whole; i += lanes) {
      load(base, first + (long) i * Float.BYTES).intoArray(to, toAt + i);
    }
    if (whole < count) {
      long rest = fromAt + (long) whole * Float.BYTES;
      MemorySegment.copy(from, FLOAT, rest, to, toAt + whole, count - whole);
    }
  }

  /** Copies floats of an array to off-heap memory. */
  public static void copy(float[] from, int fromAt, MemorySegment to, long toAt, int count) {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    int whole = count - count % lanes;
    var base = base(to);
    long first = offset(to, toAt);
    for (int i = 0; i < whole; i += lanes) {
      store(load(from, fromAt + i), base, first + (long) i * Float.BYTES);
    }
    if (whole < count) {
      long rest = toAt + (long) whole * Float.BYTES;
      MemorySegment.copy(from, fromAt + whole, to, FLOAT, rest, count - whole);
    }
  }

  /** So many floats, rounded up to whole vectors. */
  public static int wholeVectors(int count) {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    return Math.ceilDiv(count, lanes) * lanes;
  }

  /** The same number in every lane. */
  @ForceInline
  public static FloatVector splat(float value) {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, value);
  }

  /**
   * The sum of all lanes, always in the same order. The order of the JDK's own reduction changes
   * when the calling method is compiled.
   *
   * @param scratch has room for the lanes from index {@code at}
   */
  @ForceInline
  public static float sum(FloatVector vector, float[] scratch, int at) {
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
