package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.MemoryException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlabTest {
  private final Slab slab = new Slab();

  @AfterEach
  void free() {
    slab.close();
  }

  @Test
  void aFrameGivesBackWhatItTook() {
    try (var _ = slab.frame()) {
      slab.matrix(3, 3);
      MemorySegment inner;
      try (var _ = slab.frame()) {
        inner = slab.floats(10);
      }
      assertThat(slab.floats(10).address()).isEqualTo(inner.address());
    }
  }

  @Test
  void memoryIsPoisonedBeforeItsFirstUseAndAfterItsLast() {
    try (var _ = slab.frame()) {
      MemorySegment inner;
      try (var _ = slab.frame()) {
        inner = slab.floats(4);
        assertThat(inner.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(Float.NaN);
        inner.fill((byte) 0);
      }
      assertThat(inner.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(Float.NaN);
    }
  }

  @Test
  void everythingIsAlignedToCacheLines() {
    try (var _ = slab.frame()) {
      for (int i = 1; i < 20; i++) {
        assertThat(slab.floats(i).address() % 64).isZero();
      }
    }
  }

  @Test
  void livingTensorsNeverOverlap() {
    try (var _ = slab.frame()) {
      var small = slab.matrix(2, 2);
      small.copyFrom(new float[] {1, 2, 3, 4}, 0);
      var large = slab.floats(3 << 20); // beyond the first chunk
      large.fill((byte) 0);
      try (var _ = slab.frame()) {
        slab.floats(5 << 20).fill((byte) 0);
      }
      assertThat(small.toArray()).containsExactly(1, 2, 3, 4);
      assertThat(large.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(0);
    }
  }

  @Test
  void passesOfASizeTakeNoNewMemoryFromTheSecondOn() {
    assertThat(pass()).isZero(); // its memory is in too many pieces
    long after = pass();
    assertThat(after).isEqualTo(10L << 21);
    assertThat(pass()).isEqualTo(after);
  }

  @Test
  void memoryComesOutOfTheBudgetAndGoesBack() {
    var budget = MemoryBudget.of(8 << 20);
    try (var limited = new Slab(budget)) {
      try (var _ = limited.frame()) {
        limited.take(3 << 20);
        assertThat(budget.used()).isEqualTo(3 << 20);
        limited.take(2 << 20); // not twice as large as before, where that does not fit
        assertThat(budget.used()).isBetween(5L << 20, 8L << 20);
        assertThatThrownBy(() -> limited.take(4 << 20))
            .isInstanceOf(MemoryException.class)
            .hasMessageStartingWith("the call needs ")
            .hasMessageContaining(" 0 of the 8 MB of the budget are in use");
      }
      assertThat(budget.used()).isEqualTo(limited.bytes());
    }
    assertThat(budget.used()).isZero();
  }

  private long pass() {
    try (var _ = slab.frame()) {
      for (int i = 0; i < 10; i++) {
        slab.floats(1 << 19);
      }
    }
    return slab.bytes();
  }

  @Test
  void framesCloseInOrder() {
    var outer = slab.frame();
    var inner = slab.frame();
    assertThatThrownBy(outer::close).hasMessageContaining("reverse order");
    inner.close();
    inner.close();
    outer.close();
    assertThatThrownBy(() -> slab.floats(1)).hasMessageContaining("open a frame");
  }
}
