package io.lanewise.image.planted;

import io.lanewise.memory.NativeImage;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Takes the tangent in an image, behind a guard the wrong way round. */
public final class WronglyGuarded {
  private WronglyGuarded() {}

  public static FloatVector apply(FloatVector x) {
    return NativeImage.isHere() ? image(x) : x.add(1);
  }

  private static FloatVector image(FloatVector x) {
    return x.lanewise(VectorOperators.TANH);
  }
}
