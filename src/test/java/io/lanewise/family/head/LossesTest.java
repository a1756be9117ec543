package io.lanewise.family.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** By hand, from the definitions. */
class LossesTest {
  @Test
  void crossEntropyIsTheMeanOverTheLabelsThatCount() {
    float[] logits = {0, 0, 5, 5, (float) Math.log(3), 0};
    int[] labels = {1, Losses.IGNORED, 0};
    double expected = (Math.log(2) + Math.log(4.0 / 3)) / 2;
    assertThat(Losses.crossEntropy(logits, 2, labels, Losses.IGNORED))
        .isCloseTo(expected, within(1e-7));
  }

  @Test
  void crossEntropyOfNoLabelIsNaN() {
    assertThat(Losses.crossEntropy(new float[] {1, 2}, 2, new int[] {-100}, -100)).isNaN();
  }

  @Test
  void crossEntropyDoesNotOverflow() {
    float[] logits = {3e38f, -3e38f};
    assertThat(Losses.crossEntropy(logits, 2, new int[] {0}, -100)).isZero();
    assertThat(Losses.crossEntropy(logits, 2, new int[] {1}, -100)).isCloseTo(6e38, within(1e32));
  }

  @Test
  void notANumberIsNotHidden() {
    float[] logits = {Float.NaN, 1};
    assertThat(Losses.crossEntropy(logits, 2, new int[] {1}, -100)).isNaN();
    assertThat(Losses.binaryCrossEntropy(logits, new float[] {0, 1})).isNaN();
    assertThat(Losses.meanSquaredError(logits, new float[] {0, 1})).isNaN();
  }

  @Test
  void squaresAreMeans() {
    assertThat(Losses.meanSquaredError(new float[] {1, 2, 3, 4}, new float[] {1, 0, 3, 1}))
        .isEqualTo((4 + 9) / 4.0);
  }

  @Test
  void binaryCrossEntropyIsThatOfTheSigmoid() {
    float[] logits = {0.3f, -2, 40, -40};
    float[] targets = {1, 0.25f, 1, 1};
    double sum = 0;
    for (int i = 0; i < 2; i++) {
      double p = 1 / (1 + Math.exp(-logits[i]));
      sum -= targets[i] * Math.log(p) + (1 - targets[i]) * Math.log(1 - p);
    }
    sum += 40; // the certain and wrong one; the certain and right one costs nothing
    assertThat(Losses.binaryCrossEntropy(logits, targets)).isCloseTo(sum / 4, within(1e-6));
  }
}
