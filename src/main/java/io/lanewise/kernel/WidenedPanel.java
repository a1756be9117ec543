package io.lanewise.kernel;

import static jdk.incubator.vector.IntVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.tensor.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A panel of {@link NarrowPanels} as floats, for the kernels that multiply floats. Worth it for
 * many rows: the panel is widened once, and stays in the second cache while all rows pass over it.
 *
 * <p>Its memory is scratch, used for one panel after the other. The garbage collector frees it,
 * since no model owns it.
 */
final class WidenedPanel {
  /** The bits of 2²³: with a whole number below 2²³ in the lower bits, 2²³ plus that number. */
  private static final int MAGIC = 0x4B000000;

  private static final float MAGIC_ZERO = (1 << 23) + NarrowPanels.BIAS;

  private MemorySegment memory = MemorySegment.NULL;

  /** The floats, from {@link #at} on; before them a panel's row of zeros. */
  MemorySegment memory() {
    return memory;
  }

  /** Byte where the floats begin. */
  long at() {
    return (long) Panels.width() * Float.BYTES;
  }

  /** Widens one panel. The numbers of an int8 are whole, yet to be scaled. */
  void widen(Packed packed, int panel) {
    var precision = packed.layout().precision();
    long bytes = NarrowPanels.bytes(NarrowPanels.bits(precision), packed.inputs());
    long room = at() + bytes * (Float.SIZE / NarrowPanels.bits(precision));
    if (memory.byteSize() < room) {
      memory = Arena.ofAuto().allocate(room, Region.ALIGNMENT);
    }
    switch (precision) {
      case BFLOAT16 -> brainFloats(packed.weights(), panel * bytes, bytes, memory, at());
      case INT8 -> bytes(packed.weights(), panel * bytes, bytes, memory, at());
      case FLOAT32 -> throw new IllegalArgumentException("weights of 32 bits are wide already");
    }
  }

  private static void brainFloats(
      MemorySegment from, long at, long count, MemorySegment to, long toAt) {
    int bytes = SPECIES_PREFERRED.vectorByteSize();
    for (long i = 0; i < count; i += bytes) {
      var words = load(from, at + i);
      store(words.lanewise(VectorOperators.LSHL, 16), to, toAt + 2 * i);
      store(words.and(0xffff0000), to, toAt + 2 * i + bytes);
    }
  }

  private static void bytes(MemorySegment from, long at, long count, MemorySegment to, long toAt) {
    int bytes = SPECIES_PREFERRED.vectorByteSize();
    for (long i = 0; i < count; i += bytes) {
      var words = load(from, at + i);
      long out = toAt + 4 * i;
      storeNumber(words.and(0xff), to, out);
      storeNumber(words.lanewise(VectorOperators.LSHR, 8).and(0xff), to, out + bytes);
      storeNumber(words.lanewise(VectorOperators.LSHR, 16).and(0xff), to, out + 2L * bytes);
      storeNumber(words.lanewise(VectorOperators.LSHR, 24), to, out + 3L * bytes);
    }
  }

  private static IntVector load(MemorySegment from, long at) {
    return IntVector.fromMemorySegment(SPECIES_PREFERRED, from, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Whole numbers become floats by their place in the mantissa, without a conversion. */
  private static void storeNumber(IntVector number, MemorySegment to, long at) {
    Lanes.store(number.or(MAGIC).reinterpretAsFloats().sub(MAGIC_ZERO), to, at);
  }

  private static void store(IntVector bits, MemorySegment to, long at) {
    Lanes.store(bits.reinterpretAsFloats(), to, at);
  }
}
