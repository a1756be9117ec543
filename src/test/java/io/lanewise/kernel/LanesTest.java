package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.memory.NativeImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loads and stores of vectors, as on HotSpot and, in another run, as in a native image. */
@Tag("every-vector-width")
class LanesTest {
  private static final MemorySegment HEAP = MemorySegment.ofArray(new float[64]);

  @Test
  void memoryIsFoundThroughTheDoor() {
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(512, 64);
      for (int i = 0; i < 128; i++) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      var part = segment.asSlice(64);
      var base = Lanes.base(part);
      long at = Lanes.offset(part, 32);
      Lanes.store(Lanes.load(base, at).add(1), base, at + 128);
      assertThat(segment.getAtIndex(ValueLayout.JAVA_FLOAT, 55)).isEqualTo(55);
      assertThat(segment.getAtIndex(ValueLayout.JAVA_FLOAT, 56)).isEqualTo(25);
      Lanes.store(Lanes.words(base, at).add(1 << 23), base, at + 128);
      assertThat(segment.getAtIndex(ValueLayout.JAVA_FLOAT, 56)).isEqualTo(48);
    }
  }

  @Test
  void anImageGoesByAddresses() {
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(64, 64);
      assertThat(Lanes.base(segment).equals(segment)).isNotEqualTo(NativeImage.isHere());
      assertThat(Lanes.offset(segment, 16))
          .isEqualTo(NativeImage.isHere() ? segment.address() + 16 : 16);
    }
  }

  @Test
  void anArraysMemoryIsRefused() {
    assertRefused(() -> Lanes.base(HEAP));
    assertRefused(() -> Lanes.offset(HEAP, 0));
    assertRefused(() -> Lanes.copy(HEAP, 0, new float[64], 0, 64));
    assertRefused(() -> Lanes.copy(new float[64], 0, HEAP, 0, 64));
  }

  private static void assertRefused(Runnable use) {
    assertThatThrownBy(use::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("outside the Java heap")
        .hasMessageContaining("copy it to an arena's memory first");
  }
}
