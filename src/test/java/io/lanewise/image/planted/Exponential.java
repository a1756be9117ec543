package io.lanewise.image.planted;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Takes the exponential that an image does not have. */
public final class Exponential {
  private Exponential() {}

  public static FloatVector apply(FloatVector x) {
    return x.lanewise(VectorOperators.EXP);
  }
}
