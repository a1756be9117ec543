package io.lanewise.image.planted.vectors;

import java.lang.foreign.MemorySegment;

/** Loads through the door what the door has not seen. */
public final class Unresolved {
  private Unresolved() {}

  public static float first(MemorySegment segment) {
    return Door.load(segment, 0).lane(0);
  }

  public static float second(MemorySegment segment) {
    return Door.load(Door.base(segment), 0).lane(1);
  }
}
