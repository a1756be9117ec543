package io.lanewise.image.planted;

import jdk.incubator.vector.FloatVector;

/** Loads the rest of a row through a mask. */
public final class MaskedLoad {
  private MaskedLoad() {}

  public static FloatVector load(float[] values, int at) {
    var mask = FloatVector.SPECIES_PREFERRED.indexInRange(at, values.length);
    return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED, values, at, mask);
  }
}
