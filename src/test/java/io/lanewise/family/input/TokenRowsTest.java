package io.lanewise.family.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.nn.UnpaddedSequences;
import org.junit.jupiter.api.Test;

/** Without its padding a token has all that it has with it. */
class TokenRowsTest {
  private static final float[] SEEN = {1, 1, 0, 1, 1, 1, 1, 0, 0};
  private static final UnpaddedSequences LEFT = UnpaddedSequences.of(SEEN, 3, 3);

  private static InputTokens tokens(int[] ids, float[] embeddings, int[] positions) {
    int[] types = {0, 1, 5, 0, 0, 1, 1, 5, 5};
    return new InputTokens(3, 1, 3, ids, embeddings, types, positions, 0, 3, SEEN, null, true);
  }

  @Test
  void idsTypesAndPositionsGoWithTheirTokens() {
    int[] ids = {11, 12, 9, 21, 22, 23, 31, 9, 9};
    var rows = tokens(ids, null, null).rows(LEFT);
    assertThat(rows.count()).isEqualTo(6);
    assertThat(rows.starts()).containsExactly(0, 2, 5, 6);
    assertThat(rows.ids()).containsExactly(11, 12, 21, 22, 23, 31);
    assertThat(rows.types()).containsExactly(0, 1, 0, 0, 1, 1);
    assertThat(rows.positionsOrCount()).containsExactly(0, 1, 0, 1, 2, 0);
    assertThat(rows.positionsBehind(9)).containsExactly(10, 11, 10, 11, 12, 10);
    assertThat(rows.seen()).isNull();
  }

  @Test
  void givenPositionsAndEmbeddingsDoToo() {
    int[] positions = {7, 6, 5, 4, 3, 2, 1, 0, 8};
    var embeddings = new float[18];
    for (int i = 0; i < embeddings.length; i++) {
      embeddings[i] = i;
    }
    var rows = tokens(null, embeddings, positions).rows(LEFT);
    assertThat(rows.positionsOrCount()).containsExactly(7, 6, 4, 3, 2, 1);
    assertThat(rows.positionsBehind(9)).containsExactly(7, 6, 4, 3, 2, 1);
    assertThat(rows.embeddings()).containsExactly(0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13);
  }

  @Test
  void withThePaddingAllTokensAreThere() {
    int[] ids = {11, 12, 9, 21, 22, 23, 31, 9, 9};
    var rows = tokens(ids, null, null).rows(null);
    assertThat(rows.count()).isEqualTo(9);
    assertThat(rows.ids()).isEqualTo(ids);
    assertThat(rows.positionsOrCount()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    assertThat(rows.positionsBehind(9)).containsExactly(10, 11, 9, 10, 11, 12, 10, 9, 9);
    assertThat(rows.seen()).isEqualTo(SEEN);
  }
}
