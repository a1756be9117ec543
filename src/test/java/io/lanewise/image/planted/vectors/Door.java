package io.lanewise.image.planted.vectors;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.internal.vm.annotation.ForceInline;

/** A door that once does more than to load. */
public final class Door {
  private Door() {}

  static MemorySegment base(MemorySegment segment) {
    return segment;
  }

  @ForceInline
  static FloatVector load(MemorySegment segment, long at) {
    return FloatVector.fromMemorySegment(
        FloatVector.SPECIES_PREFERRED, segment, at, ByteOrder.LITTLE_ENDIAN);
  }

  @ForceInline
  static FloatVector crowded(MemorySegment segment, long at) {
    return FloatVector.fromMemorySegment(
        FloatVector.SPECIES_PREFERRED, segment, segment.address() + at, ByteOrder.LITTLE_ENDIAN);
  }
}
