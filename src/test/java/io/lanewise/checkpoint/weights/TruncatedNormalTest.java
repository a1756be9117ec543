package io.lanewise.checkpoint.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.memory.Region;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TruncatedNormalTest {
  private static float[] draw(long seed, float deviation, String name, int count) {
    try (var region = Region.scratch()) {
      var target = region.floats(count);
      new TruncatedNormal(seed, deviation).fill(name, target, count);
      return target.toArray(JAVA_FLOAT);
    }
  }

  /** Moments of the standard normal cut at ±2: variance 1 - 4 φ(2) / (2 Φ(2) - 1). */
  @Test
  void isDistributedAsItSays() {
    int count = 2_000_000;
    var values = draw(7, 1, "x", count);
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (float value : values) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(2);
      sum += value;
      squares += (double) value * value;
      fourths += Math.pow(value, 4);
    }
    double density = Math.exp(-2) / Math.sqrt(2 * Math.PI);
    double mass = 0.9544997361036416;
    double variance = 1 - 4 * density / mass;
    assertThat(sum / count).isCloseTo(0, within(0.003));
    assertThat(squares / count).isCloseTo(variance, within(0.003));
    // E[x^4] = 3 E[x^2] - 2 * 2^3 φ(2) / mass, by parts.
    assertThat(fourths / count).isCloseTo(3 * variance - 16 * density / mass, within(0.01));
  }

  /** Kolmogorov and Smirnov's distance to the distribution function, by numeric integration. */
  @Test
  void hasTheShapeOfANormal() {
    int count = 1_000_000;
    var values = draw(3, 1, "y", count);
    Arrays.sort(values);
    double[] cumulative = {0};
    int steps = 100_000;
    double[] table = new double[steps + 1];
    for (int i = 0; i < steps; i++) {
      double x = -2 + (i + 0.5) * 4 / steps;
      cumulative[0] += Math.exp(-x * x / 2);
      table[i + 1] = cumulative[0];
    }
    double largest = 0;
    for (int i = 0; i < count; i++) {
      int at = (int) Math.round((values[i] + 2.0) * steps / 4);
      largest = Math.max(largest, Math.abs(table[at] / cumulative[0] - (i + 0.5) / count));
    }
    assertThat(largest).isLessThan(1.63 / Math.sqrt(count)); // the 1 % bound
  }

  @Test
  void dependsOnSeedAndNameAlone() {
    var values = draw(1, 0.02f, "a", 5000);
    assertThat(draw(1, 0.02f, "a", 5000)).containsExactly(values);
    assertThat(draw(1, 0.02f, "a", 100)).containsExactly(Arrays.copyOf(values, 100));
    assertThat(draw(2, 0.02f, "a", 5000)).isNotEqualTo(values);
    assertThat(draw(1, 0.02f, "b", 5000)).isNotEqualTo(values);
    for (float value : draw(1, 0, "a", 3)) {
      assertThat(Math.abs(value)).isZero();
    }
  }

  /** The exact bits, so that a change of them is detected. */
  @Test
  void theBitsStayTheSame() {
    assertThat(draw(42, 0.02f, "embeddings.word_embeddings.weight", 3))
        .containsExactly(0.026722943f, -0.005889866f, -0.0083783185f);
  }

  @Test
  void streamsOfDifferentNamesAreUnrelated() {
    int count = 100_000;
    var a = draw(5, 1, "layer.0.weight", count);
    var b = draw(5, 1, "layer.1.weight", count);
    double products = 0;
    double neighbours = 0;
    for (int i = 0; i < count - 1; i++) {
      products += a[i] * b[i];
      neighbours += a[i] * a[i + 1];
    }
    assertThat(products / count).isCloseTo(0, within(0.012));
    assertThat(neighbours / count).isCloseTo(0, within(0.012));
  }
}
