package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Backends;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the convolution written out in loops of doubles. */
class TokenConvolutionTest {
  private static final int HIDDEN = 12;
  private static final float EPSILON = 0.1f;
  private static final int[] SEQUENCES = {0, 7, 8, 13};

  private final Region region = Region.open();
  private final Weights weights = Weights.random(5, 0.5f, region);
  private final Random random = new Random(2);
  private final float[] seen = {1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1};

  @ParameterizedTest
  @CsvSource({"3, 1, TANH", "5, 3, GELU", "1, 2, RELU", "9, 1, SIGMOID"})
  void isAConvolution(int kernel, int groups, Activation activation) {
    var z = numbers();
    var x = numbers();
    for (var choice : Backend.Choice.values()) {
      if (!Backends.isHere(choice)) {
        continue;
      }
      try (var backend = Backend.of(choice, 2);
          var slab = new Slab();
          var _ = slab.frame()) {
        var pass = new Pass(backend, slab);
        var packing = new Packing(backend.gemm(), region);
        var convolution =
            TokenConvolution.load(
                packing, HIDDEN, kernel, groups, activation, EPSILON, weights.at("conv"));
        var in = pass.matrix(13, HIDDEN);
        in.copyFrom(z, 0);
        var y = pass.matrix(13, HIDDEN);
        y.copyFrom(x, 0);
        convolution.apply(pass, in, SEQUENCES, seen, y);
        for (int b = 0; b + 1 < SEQUENCES.length; b++) {
          for (int t = SEQUENCES[b]; t < SEQUENCES[b + 1]; t++) {
            assertThat(y.rows(t, 1).toArray())
                .as("%s %d", choice, t)
                .containsExactly(expected(z, x, b, t, kernel, groups, activation), within(2e-5f));
          }
        }
      }
    }
  }

  private float[] expected(
      float[] z, float[] x, int b, int t, int kernel, int groups, Activation activation) {
    int part = HIDDEN / groups;
    var weight = weights.at("conv").borrow("conv.weight", region, HIDDEN, part, kernel).toArray();
    var row = new double[HIDDEN];
    for (int o = 0; o < HIDDEN; o++) {
      double sum = 0;
      for (int i = 0; i < part && seen[t] == 1; i++) {
        for (int n = 0; n < kernel; n++) {
          int from = t + n - (kernel - 1) / 2;
          if (from >= SEQUENCES[b] && from < SEQUENCES[b + 1]) {
            sum += weight[(o * part + i) * kernel + n] * z[from * HIDDEN + o / part * part + i];
          }
        }
      }
      row[o] = x[t * HIDDEN + o] + activation.of(sum);
    }
    double mean = 0;
    for (double value : row) {
      mean += value / HIDDEN;
    }
    double variance = 0;
    for (double value : row) {
      variance += (value - mean) * (value - mean) / HIDDEN;
    }
    var result = new float[HIDDEN];
    for (int o = 0; o < HIDDEN; o++) {
      result[o] = (float) ((row[o] - mean) / Math.sqrt(variance + EPSILON));
    }
    return result;
  }

  private float[] numbers() {
    var values = new float[13 * HIDDEN];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
