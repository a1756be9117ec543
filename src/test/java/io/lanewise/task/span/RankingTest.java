package io.lanewise.task.span;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void sharesAreOfTheWholeSoftmax() {
    var best = Ranking.softmax(new float[] {1, 3, 2, -1}, 2);
    double sum = Math.exp(1) + Math.exp(3) + Math.exp(2) + Math.exp(-1);
    assertThat(best).extracting(Ranking.Entry::index).containsExactly(1, 2);
    assertThat(best.get(0).score()).isCloseTo((float) (Math.exp(3) / sum), within(1e-7f));
    assertThat(best.get(1).score()).isCloseTo((float) (Math.exp(2) / sum), within(1e-7f));
  }

  @Test
  void equalLogitsKeepTheirOrder() {
    var best = Ranking.softmax(new float[] {-0f, 5, 0, 5, -7}, 9);
    assertThat(best).extracting(Ranking.Entry::index).containsExactly(1, 3, 0, 2, 4);
  }

  @Test
  void largeLogitsDoNotOverflow() {
    var best = Ranking.softmax(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}, 2);
    assertThat(best.get(0).score()).isEqualTo(1f);
    assertThat(best.get(1).score()).isZero();
  }

  @Test
  void ordersLikeFloats() {
    var random = new Random(7);
    var logits = new float[1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (random.nextGaussian() * 20);
    }
    var best = Ranking.softmax(logits, logits.length);
    double sum = 0;
    for (int i = 0; i < best.size(); i++) {
      sum += best.get(i).score();
      if (i > 0) {
        assertThat(logits[best.get(i).index()])
            .isLessThanOrEqualTo(logits[best.get(i - 1).index()]);
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> Ranking.softmax(new float[] {0, bad}, 1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("token 1");
    }
  }
}
