package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Linear biases against plain loops. */
class LinearBiasesTest {
  @Test
  void slopesOfPowersOfTwoAndOfOtherCounts() {
    assertThat(LinearBiases.of(4).slopes()).containsExactly(0.25f, 0.0625f, 0.015625f, 0.00390625f);
    assertThat(LinearBiases.of(1).slopes()).containsExactly(0.00390625f);
    assertThat(LinearBiases.of(3).slopes()).containsExactly(0.0625f, 0.00390625f, 0.25f);
    assertThat(LinearBiases.of(12).slopes())
        .startsWith(0.5f, 0.25f)
        .endsWith(
            new float[] {
              (float) Math.pow(2, -0.5),
              (float) Math.pow(2, -1.5),
              (float) Math.pow(2, -2.5),
              (float) Math.pow(2, -3.5)
            });
  }

  @Test
  void aScoreFallsWithTheDistance() {
    int heads = 3;
    int size = 4;
    int tokens = 11;
    try (var region = Region.open();
        var backend = Backend.of(Backend.Choice.AUTO, 2);
        var slab = new Slab();
        var _ = slab.frame()) {
      var weights = Weights.random(8, 0.5f, region);
      var random = new Random(1);
      var x = region.matrix(tokens, heads * size);
      for (int i = 0; i < tokens * heads * size; i++) {
        x.set(i / (heads * size), i % (heads * size), (float) random.nextGaussian());
      }
      var attention =
          DenseAttention.load(
              new Packing(backend.gemm(), region),
              heads * size,
              heads,
              weights.at("query"),
              weights.at("key"),
              weights.at("value"),
              weights.at("dense"),
              LinearBiases.of(heads));
      var pass = new Pass(backend, slab);
      var y = pass.matrix(tokens, heads * size);
      attention.apply(pass, x, 1, Mask.NONE, null, y);
      double[] slopes = {1 / 16.0, 1 / 256.0, 1 / 4.0};
      PlainAttention.Scores scores = (head, query, key) -> -slopes[head] * Math.abs(query - key);
      var expected = new PlainAttention(weights, heads, size, null, scores).of(x, null);
      assertThat(y.toArray()).containsExactly(expected, within(1e-5f));
    }
  }
}
