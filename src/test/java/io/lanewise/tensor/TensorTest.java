package io.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
  private final Tensor cube = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 2, 2);

  @Test
  void isRowMajor() {
    assertThat(cube.at(1, 0, 1)).isEqualTo(5);
    assertThat(cube.at(-1, -1, -1)).isEqualTo(7);
    assertThat(cube.row(1, 0)).containsExactly(4, 5);
    assertThat(cube.reshape(4, 2).row(3)).containsExactly(6, 7);
  }

  @Test
  void shapeAndElementsMustAgree() {
    assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
        .hasMessageContaining("[2, 2] has 4 elements, not 3");
    assertThatThrownBy(() -> Tensor.of(new long[][] {{1, 2}, {3}}))
        .hasMessageContaining("row 1 has 1 elements");
    assertThatThrownBy(() -> cube.at(0, 0)).hasMessageContaining("2 indices for shape [2, 2, 2]");
    assertThatThrownBy(() -> cube.at(0, 2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void integersStayIntegers() {
    var ids = Tensor.of(new int[][] {{2, 14}, {3, 0}});
    assertThat(ids.dtype()).isEqualTo(DType.I64);
    assertThat(ids.longs()).containsExactly(2, 14, 3, 0);
    assertThat(ids.floats()).containsExactly(2, 14, 3, 0);
    assertThatThrownBy(cube::longs).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void printsItsFirstElements() {
    assertThat(cube).hasToString("F32[2, 2, 2] 0.0, 1.0, 2.0, 3.0, …");
    assertThat(Tensor.scalar(0.5f)).hasToString("F32[] 0.5");
  }

  @Test
  void equalsByContent() {
    assertThat(Tensor.of(new float[] {1}, 1))
        .isEqualTo(Tensor.of(new float[] {1}, 1))
        .isNotEqualTo(Tensor.scalar(1));
  }
}
