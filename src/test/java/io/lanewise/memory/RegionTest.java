package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class RegionTest {
  @Test
  void givesZeroedAlignedMemory() {
    try (var region = Region.open()) {
      for (int i = 1; i < 20; i++) {
        var floats = region.floats(i);
        assertThat(floats.address() % Region.ALIGNMENT).isZero();
        assertThat(floats.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(0).hasSize(i);
      }
    }
  }

  @Test
  void countsWhatItGave() {
    try (var region = Region.open()) {
      region.matrix(3, 5);
      region.copyOf(new float[] {1, 2});
      assertThat(region.allocatedBytes()).isEqualTo(68);
    }
  }

  @Test
  void refusesUseAfterClose() {
    var region = Region.open();
    region.close();
    region.close();
    assertThatThrownBy(() -> region.floats(1)).hasMessageContaining("has been freed");
  }

  @Test
  void reallyFreesOrLeavesItToTheCollector() {
    var region = Region.open();
    var floats = region.floats(4);
    region.close();
    if (NativeImage.isHere()) {
      assertThat(floats.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
      return;
    }
    assertThatThrownBy(() -> floats.get(ValueLayout.JAVA_FLOAT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void otherThreadsMayUseIt() throws Exception {
    try (var region = Region.open()) {
      var floats = region.floats(1);
      var thread = new Thread(() -> floats.set(ValueLayout.JAVA_FLOAT, 0, 7));
      thread.start();
      thread.join();
      assertThat(floats.get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(7);
    }
  }
}
