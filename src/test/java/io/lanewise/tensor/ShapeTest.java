package io.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void printsAsHuggingFaceDoes() {
    assertThat(Shape.of(2, 8, 768)).hasToString("[2, 8, 768]");
    assertThat(Shape.of()).hasToString("[]");
  }

  @Test
  void countsElements() {
    assertThat(Shape.of().count()).isEqualTo(1);
    assertThat(Shape.of(3, 0, 5).count()).isZero();
    assertThat(Shape.of(3, 4, 5).count()).isEqualTo(60);
  }

  @Test
  void zeroTimesAnythingIsZeroEvenWhereTheRestWouldOverflow() {
    assertThat(Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 0).count()).isZero();
  }

  @Test
  void refusesWhatNoLongCanCount() {
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Shape.of(2, -1)).hasMessageContaining("negative dimension in [2, -1]");
  }

  @Test
  void countsDimensionsFromBothEnds() {
    var shape = Shape.of(2, 8, 768);
    assertThat(shape.dim(0)).isEqualTo(2);
    assertThat(shape.dim(-1)).isEqualTo(768);
    assertThat(shape.size(-2)).isEqualTo(8);
  }

  @Test
  void isNotChangedThroughTheArraysItTakesAndGives() {
    long[] dims = {2, 3};
    var shape = Shape.of(dims);
    dims[0] = 7;
    shape.dims()[1] = 7;
    assertThat(shape)
        .isEqualTo(Shape.of(2, 3))
        .hasSameHashCodeAs(Shape.of(2, 3))
        .isNotEqualTo(Shape.of(3, 2));
  }
}
