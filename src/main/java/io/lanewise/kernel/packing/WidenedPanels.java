package io.lanewise.kernel.packing;

import static jdk.incubator.vector.IntVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Lanes;
import io.lanewise.memory.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Panels of {@link NarrowPanels} widened to floats, for the kernels that multiply floats. They pay
 * off for many rows: a panel is widened once, and stays in the second-level cache until all rows
 * are multiplied by it.
 *
 * <p>Its memory is scratch and reused. The garbage collector frees it, because no model owns it.
 */
public final class WidenedPanels {
  private MemorySegment memory = MemorySegment.NULL;

  /** The floats, one panel after the other. */
  public MemorySegment memory() {
    return memory;
  }

  /** Bytes from one panel to the next: a little more than its floats if the depth is odd. */
  public static long stride(Packed packed) {
    int bits = NarrowPanels.bits(packed.layout().precision());
    return NarrowPanels.bytes(bits, packed.inputs()) * (Float.SIZE / bits);
  }

  /** Widens some panels. Those of int8 become whole numbers that are not yet scaled. */
  public void widen(Packed packed, int first, int count) {
    var precision = packed.layout().precision();
    long bytes = NarrowPanels.bytes(NarrowPanels.bits(precision), packed.inputs());
    long room = count * stride(packed);
    if (memory.byteSize() < room) {
      memory = Arena.ofAuto().allocate(room, Region.ALIGNMENT);
    }
    switch (precision) {
      case BFLOAT16 -> brainFloats(packed.weights(), first * bytes, count * bytes, memory, 0);
      case INT8 -> bytes(packed.weights(), first * bytes, count * bytes, memory, 0);
      case FLOAT32 -> throw new IllegalArgumentException("weights of 32 bits are wide already");
    }
  }

  private static void brainFloats(
      MemorySegment from, long at, long count, MemorySegment to, long toAt) {
    int bytes = SPECIES_PREFERRED.vectorByteSize();
    var source = Lanes.base(from);
    long first = Lanes.offset(from, at);
    var target = Lanes.base(to);
    long targetAt = Lanes.offset(to, toAt);
    for (long i = 0; i < count; i += bytes) {
      var words = Lanes.words(source, first + i);
      Lanes.store(Widening.lower(words), target, targetAt + 2 * i);
      Lanes.store(Widening.upper(words), target, targetAt + 2 * i + bytes);
    }
  }

  private static void bytes(MemorySegment from, long at, long count, MemorySegment to, long toAt) {
    int bytes = SPECIES_PREFERRED.vectorByteSize();
    var source = Lanes.base(from);
    long first = Lanes.offset(from, at);
    var target = Lanes.base(to);
    long targetAt = Lanes.offset(to, toAt);
    var mask = Widening.mask();
    var magic = Widening.magic();
    var zero = Widening.zero();
    for (long i = 0; i < count; i += bytes) {
      var words = Lanes.words(source, first + i);
      long out = targetAt + 4 * i;
      Lanes.store(Widening.first(words, mask, magic, zero), target, out);
      Lanes.store(Widening.second(words, mask, magic, zero), target, out + bytes);
      Lanes.store(Widening.third(words, mask, magic, zero), target, out + 2L * bytes);
      Lanes.store(Widening.fourth(words, magic, zero), target, out + 3L * bytes);
    }
  }
}
