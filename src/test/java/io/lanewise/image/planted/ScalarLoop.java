package io.lanewise.image.planted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads a segment number by number. */
public final class ScalarLoop {
  private ScalarLoop() {}

  public static float sum(MemorySegment floats, int count) {
    float sum = floats.get(ValueLayout.JAVA_FLOAT, 0);
    for (int i = 1; i < count; i++) {
      sum += floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return sum;
  }
}
