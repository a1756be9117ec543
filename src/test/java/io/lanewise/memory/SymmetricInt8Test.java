package io.lanewise.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rounding of weights to 8 bits. */
class SymmetricInt8Test {
  @Test
  void theLargestWeightBecomes127AndTheRestIsRoundedTiesToEven() {
    float[] weights = {0, 127, -127, 0.5f, 1.5f, 2.5f, -2.5f, -0.5f, 2.51f, 63.49f, 126.6f};
    assertThat(rounded(weights)).containsExactly(0, 127, -127, 0, 2, 2, -2, 0, 3, 63, 127);
    assertThat(SymmetricInt8.scale(weights, 0, weights.length)).isEqualTo(1);
  }

  @Test
  void theScaleIsThatOfThePartThatWasAskedFor() {
    float[] weights = {1000, 2, -254, 5, 1000};
    assertThat(SymmetricInt8.scale(weights, 1, 3)).isEqualTo(2);
  }

  @Test
  void noWeightIsFurtherAwayThanHalfAScale() {
    var random = new java.util.SplittableRandom(1);
    for (int exponent = -140; exponent < 120; exponent += 10) {
      var weights = new float[1000];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.scalb(random.nextGaussian(), exponent);
      }
      float scale = SymmetricInt8.scale(weights, 0, weights.length);
      for (float weight : weights) {
        double held = (double) scale * SymmetricInt8.round(weight, scale);
        // the scale of the smallest numbers is itself rounded, by at most half of the smallest
        assertThat(Math.abs(held - weight))
            .isLessThanOrEqualTo(0.501 * scale + 64 * Float.MIN_VALUE);
      }
    }
  }

  @Test
  void zerosStayZeros() {
    assertThat(SymmetricInt8.scale(new float[3], 0, 3)).isZero();
    assertThat(SymmetricInt8.round(0, 0)).isZero();
    assertThat(SymmetricInt8.round(-0f, 1)).isZero();
  }

  @Test
  void whatIsNoFiniteNumberSpoilsTheOutputVisibly() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] weights = {1, bad, 3};
      assertThat(SymmetricInt8.scale(weights, 0, 3)).isNaN();
      assertThat(rounded(weights)).containsOnly(0);
    }
  }

  @Test
  void whatWasMadeOfThemBecomesTheSameAgain() {
    var random = new java.util.SplittableRandom(2);
    for (int exponent = -110; exponent < 120; exponent++) {
      var weights = new float[100];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.scalb(random.nextGaussian(), exponent);
      }
      var q = rounded(weights);
      float scale = SymmetricInt8.scale(weights, 0, weights.length);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = scale * q[i];
      }
      assertThat(SymmetricInt8.scale(weights, 0, weights.length)).isEqualTo(scale);
      assertThat(rounded(weights)).isEqualTo(q);
    }
  }

  private static int[] rounded(float[] weights) {
    float scale = SymmetricInt8.scale(weights, 0, weights.length);
    var rounded = new int[weights.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = SymmetricInt8.round(weights[i], scale);
    }
    return rounded;
  }
}
