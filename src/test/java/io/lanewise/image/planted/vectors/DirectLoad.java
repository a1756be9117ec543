package io.lanewise.image.planted.vectors;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Loads and stores without the door. */
public final class DirectLoad {
  private DirectLoad() {}

  public static float sum(MemorySegment segment) {
    return FloatVector.fromMemorySegment(
            FloatVector.SPECIES_PREFERRED, segment, 0, ByteOrder.LITTLE_ENDIAN)
        .reduceLanes(VectorOperators.ADD);
  }

  public static void clear(MemorySegment segment) {
    IntVector.zero(IntVector.SPECIES_PREFERRED)
        .intoMemorySegment(segment, 0, ByteOrder.LITTLE_ENDIAN);
  }
}
