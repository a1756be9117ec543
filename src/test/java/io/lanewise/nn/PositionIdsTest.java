package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionIdsTest {
  @Test
  void countsOnInEverySequence() {
    assertThat(PositionIds.counting(2, 3, 0)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(PositionIds.counting(2, 2, 5)).containsExactly(5, 6, 5, 6);
    assertThat(PositionIds.counting(1, 3, 2)).containsExactly(2, 3, 4);
    assertThat(PositionIds.counting(new int[] {0, 3, 4, 6}, 2)).containsExactly(2, 3, 4, 2, 2, 3);
  }

  @Test
  void leavesPaddingOut() {
    int[] ids = {
      7, 1, 8, 9, // padding in the middle
      1, 1, 7, 8, // on the left
      7, 8, 1, 1, // on the right
      1, 1, 1, 1
    };
    assertThat(PositionIds.skippingPadding(ids, new int[] {0, 4, 8, 12, 16}, 1, 0))
        .containsExactly(
            2, 1, 3, 4, //
            1, 1, 2, 3, //
            2, 3, 1, 1, //
            1, 1, 1, 1);
    assertThat(PositionIds.skippingPadding(new int[] {7, 1, 8, 9, 7, 8}, new int[] {0, 4, 6}, 1, 0))
        .as("of different lengths")
        .containsExactly(2, 1, 3, 4, 2, 3);
  }

  @Test
  void countsCachedTokensPaddingOrNot() {
    int[] ids = {7, 1, 8};
    assertThat(PositionIds.skippingPadding(ids, new int[] {0, 3}, 1, 4)).containsExactly(6, 1, 7);
    assertThat(PositionIds.skippingPadding(new int[] {7, 8}, new int[] {0, 1, 2}, 0, 4))
        .containsExactly(5, 5);
  }
}
