package io.lanewise.kernel;

import static jdk.incubator.vector.IntVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.tensor.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A panel of {@link NarrowPanels} as floats, for the kernels that multiply floats. Worth it for
 * many rows: the panel is widened once, and stays in the second cache while all rows pass over it.
 *
 * <p>Its memory is scratch, used for one panel after the other. The garbage collector frees it,
 * since no model owns it.
 */
final class WidenedPanel {
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
      var words = Widening.load(from, at + i);
      Lanes.store(Widening.lower(words), to, toAt + 2 * i);
      Lanes.store(Widening.upper(words), to, toAt + 2 * i + bytes);
    }
  }

  private static void bytes(MemorySegment from, long at, long count, MemorySegment to, long toAt) {
    int bytes = SPECIES_PREFERRED.vectorByteSize();
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    for (long i = 0; i < count; i += bytes) {
      var words = Widening.load(from, at + i);
      long out = toAt + 4 * i;
      Lanes.store(Widening.first(words, mask, magic, zero), to, out);
      Lanes.store(Widening.second(words, mask, magic, zero), to, out + bytes);
      Lanes.store(Widening.third(words, mask, magic, zero), to, out + 2L * bytes);
      Lanes.store(Widening.fourth(words, magic, zero), to, out + 3L * bytes);
    }
  }
}
