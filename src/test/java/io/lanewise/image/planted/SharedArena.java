package io.lanewise.image.planted;

import java.lang.foreign.Arena;

/** Opens a shared arena, which an image cannot close. */
public final class SharedArena {
  private SharedArena() {}

  public static void open() {
    try (var arena = Arena.ofShared()) {
      arena.allocate(8);
    }
  }
}
