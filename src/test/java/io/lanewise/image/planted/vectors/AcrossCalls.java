package io.lanewise.image.planted.vectors;

import jdk.incubator.vector.FloatVector;
import jdk.internal.vm.annotation.ForceInline;

/** Hands vectors about. */
public final class AcrossCalls {
  static FloatVector last;

  private AcrossCalls() {}

  static FloatVector twice(FloatVector x) {
    return x.add(x);
  }

  @ForceInline
  static FloatVector thrice(FloatVector x) {
    return x.add(x).add(x);
  }
}
