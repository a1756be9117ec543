package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MatrixTest {
  private final Region region = Region.open();

  @AfterEach
  void free() {
    region.close();
  }

  private Matrix counting(int rows, int columns) {
    var matrix = region.matrix(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, 10 * i + j);
      }
    }
    return matrix;
  }

  @Test
  void columnsOfAFusedResultKeepItsStride() {
    var middle = counting(3, 6).columns(2, 2);
    assertThat(middle.toArray()).containsExactly(2, 3, 12, 13, 22, 23);
    assertThat(middle.isContiguous()).isFalse();
    assertThat(middle.rows(1, 2).toArray()).containsExactly(12, 13, 22, 23);
  }

  @Test
  void writesStayInsideTheView() {
    var whole = counting(2, 4);
    whole.columns(1, 2).copyFrom(new float[] {-1, -2, -3, -4}, 0);
    assertThat(whole.toArray()).containsExactly(0, -1, -2, 3, 10, -3, -4, 13);
  }

  @Test
  void copiesBetweenDifferentStrides() {
    var target = region.matrix(3, 2);
    target.copyFrom(counting(3, 6).columns(4, 2));
    assertThat(target.toArray()).containsExactly(4, 5, 14, 15, 24, 25);
    assertThatThrownBy(() -> target.copyFrom(counting(2, 2)))
        .hasMessageContaining("[2, 2] into [3, 2]");
  }

  @Test
  void readsDataThatIsNotAligned() {
    var odd = region.allocate(4 * Float.BYTES + 1).asSlice(1);
    var matrix = Matrix.of(odd, 2, 2);
    matrix.set(1, 1, 5);
    assertThat(matrix.get(1, 1)).isEqualTo(5);
    assertThat(matrix.toArray()).containsExactly(0, 0, 0, 5);
  }

  @Test
  void viewsOutsideTheMatrixAreRefused() {
    var matrix = counting(3, 4);
    assertThatThrownBy(() -> matrix.rows(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.rows(Integer.MAX_VALUE, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.columns(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.columns(1, 2).reshape(2, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Matrix.of(region.floats(5), 2, 3))
        .hasMessageContaining("needs 24 bytes, there are 20");
  }

  @Test
  void emptyViewsAreAllowed() {
    assertThat(counting(3, 4).rows(3, 0).toArray()).isEmpty();
    assertThat(counting(3, 4).columns(4, 0).rows(2, 1).toArray()).isEmpty();
  }
}
