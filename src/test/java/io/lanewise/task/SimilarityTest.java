package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import org.junit.jupiter.api.Test;

class SimilarityTest {
  private static final Embedding ONE = new Embedding(new float[] {3, 4, 0});
  private static final Embedding OTHER = new Embedding(new float[] {0, 4, 3});

  @Test
  void isWhatItsNameSays() {
    assertThat(Similarity.COSINE.of(ONE, OTHER)).isCloseTo(16 / 25f, within(1e-7f));
    assertThat(Similarity.DOT.of(ONE, OTHER)).isEqualTo(16f);
    assertThat(Similarity.EUCLIDEAN.of(ONE, OTHER))
        .isCloseTo(-(float) Math.sqrt(18), within(1e-6f));
    assertThat(Similarity.MANHATTAN.of(ONE, OTHER)).isEqualTo(-6f);
    assertThat(ONE.cosine(ONE)).isCloseTo(1, within(1e-7f));
  }

  @Test
  void nothingIsLikeZero() {
    assertThat(ONE.cosine(new Embedding(new float[3]))).isZero();
    assertThat(new Embedding(new float[3]).normalised()).isEqualTo(new Embedding(new float[3]));
  }

  @Test
  void embeddingsOfTwoModelsAreRefused() {
    for (var each : Similarity.values()) {
      assertThatThrownBy(() -> each.of(ONE, new Embedding(new float[2])))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("3 and 2");
    }
  }
}
