package io.lanewise.image.planted;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/** Converts floats to integers. */
public final class FloatToInt {
  private FloatToInt() {}

  public static Vector<Integer> round(FloatVector x) {
    return x.convert(VectorOperators.F2I, 0);
  }
}
