package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pre-norm layers, gated layers and mixtures of experts against plain loops of doubles. */
@Tag("every-vector-width")
class PreNormLayerTest {
  private static final int TOKENS = 7;
  private static final int HIDDEN = 10;
  private static final int WIDE = 13;
  private static final float EPSILON = 1e-3f;

  private final Region region = Region.open();
  private final Weights weights = Weights.random(2, 0.5f, region);
  private final Backend backend = Backend.of(Backend.Choice.AUTO, 2);
  private final Slab slab = new Slab();
  private final Slab.Frame frame = slab.frame();
  private final Pass pass = new Pass(backend, slab);
  private final Packing packing = new Packing(backend.gemm(), region);

  @AfterEach
  void free() {
    frame.close();
    slab.close();
    backend.close();
    region.close();
  }

  private Matrix sample() {
    var random = new Random(3);
    var x = region.matrix(TOKENS, HIDDEN);
    for (int i = 0; i < TOKENS * HIDDEN; i++) {
      x.set(i / HIDDEN, i % HIDDEN, (float) random.nextGaussian());
    }
    return x;
  }

  private GatedFeedForward gated(GatedFeedForward.Order order) {
    return new GatedFeedForward(
        Linear.withoutBias(packing, HIDDEN, 2 * WIDE, weights.at("in")),
        order,
        Activation.SILU,
        Linear.withoutBias(packing, WIDE, HIDDEN, weights.at("out")));
  }

  private static double dot(Matrix x, int row, Matrix weight, int output) {
    double sum = 0;
    for (int i = 0; i < x.columns(); i++) {
      sum += (double) x.get(row, i) * weight.get(output, i);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource
  void gatedLayersMultiplyTheTwoHalves(GatedFeedForward.Order order) {
    var x = sample();
    var y = pass.matrix(TOKENS, HIDDEN);
    gated(order).apply(pass, x, y);
    var in = weights.at("in").matrix("weight", 2 * WIDE, HIDDEN);
    var out = weights.at("out").matrix("weight", HIDDEN, WIDE);
    boolean gateFirst = order == GatedFeedForward.Order.GATE_THEN_VALUE;
    var expected = new float[TOKENS * HIDDEN];
    for (int t = 0; t < TOKENS; t++) {
      var inner = region.matrix(1, WIDE);
      for (int j = 0; j < WIDE; j++) {
        double gate = dot(x, t, in, gateFirst ? j : WIDE + j);
        double value = dot(x, t, in, gateFirst ? WIDE + j : j);
        inner.set(0, j, (float) (gate / (1 + Math.exp(-gate)) * value));
      }
      for (int j = 0; j < HIDDEN; j++) {
        expected[t * HIDDEN + j] = (float) dot(inner, 0, out, j);
      }
    }
    assertThat(y.toArray()).containsExactly(expected, within(2e-5f));
  }

  @Test
  void tokensGoThroughTheExpertsWithTheLargestShares() {
    var x = sample();
    var experts = new ArrayList<ExpertsFeedForward.Expert>();
    for (int e = 0; e < 4; e++) {
      var at = weights.at("expert." + e);
      experts.add(
          new ExpertsFeedForward.Expert(
              Linear.withoutBias(packing, HIDDEN, WIDE, at.at("in")),
              Activation.RELU,
              Linear.withoutBias(packing, WIDE, HIDDEN, at.at("out"))));
    }
    var router = Linear.withoutBias(packing, HIDDEN, 4, weights.at("router"));
    var bias = new float[HIDDEN];
    bias[3] = 0.75f;
    var mixture = new ExpertsFeedForward(router, 2, List.copyOf(experts), region.copyOf(bias));
    var y = pass.matrix(TOKENS, HIDDEN);
    mixture.apply(pass, x, y);
    var routes = weights.at("router").matrix("weight", 4, HIDDEN);
    for (int t = 0; t < TOKENS; t++) {
      var shares = new double[4];
      double sum = 0;
      for (int e = 0; e < 4; e++) {
        shares[e] = Math.exp(dot(x, t, routes, e));
        sum += shares[e];
      }
      var expected = bias.clone();
      for (int e = 0; e < 4; e++) {
        int larger = 0;
        for (int other = 0; other < 4; other++) {
          larger += shares[other] > shares[e] ? 1 : 0;
        }
        if (larger < 2) {
          addExpert(e, x, t, shares[e] / sum, expected);
        }
      }
      assertThat(y.rows(t, 1).toArray()).containsExactly(expected, within(2e-5f));
      var alone = pass.matrix(1, HIDDEN);
      mixture.apply(pass, x.rows(t, 1), alone);
      assertThat(alone.toArray()).isEqualTo(y.rows(t, 1).toArray());
    }
  }

  private void addExpert(int e, Matrix x, int t, double share, float[] sums) {
    var in = weights.at("expert." + e + ".in").matrix("weight", WIDE, HIDDEN);
    var out = weights.at("expert." + e + ".out").matrix("weight", HIDDEN, WIDE);
    var inner = region.matrix(1, WIDE);
    for (int j = 0; j < WIDE; j++) {
      inner.set(0, j, (float) Math.max(0, dot(x, t, in, j)));
    }
    for (int j = 0; j < HIDDEN; j++) {
      sums[j] += (float) (share * dot(inner, 0, out, j));
    }
  }

  @Test
  void aPreNormLayerAddsWhatItsPartsMakeOfNormedStates() {
    var attention =
        DenseAttention.load(
            packing,
            HIDDEN,
            2,
            weights.at("query"),
            weights.at("key"),
            weights.at("value"),
            weights.at("dense"),
            null);
    var gain = region.copyOf(new float[] {1, 2, 3, 1, 1, 0.5f, 1, 1, 1, -1});
    var norm = new LayerNorm(gain, region.floats(HIDDEN), EPSILON);
    var root = new RmsNorm(gain, EPSILON);
    var mlp = gated(GatedFeedForward.Order.GATE_THEN_VALUE);
    var x = sample();
    for (var attentionNorm : new Norm[] {norm, null}) {
      var layer = new PreNormLayer(attentionNorm, attention, root, mlp);
      var y = pass.matrix(TOKENS, HIDDEN);
      y.copyFrom(x);
      layer.apply(pass, y, 1, Mask.NONE, null, null, y);
      var normed = pass.matrix(TOKENS, HIDDEN);
      normed.copyFrom(x);
      if (attentionNorm != null) {
        attentionNorm.apply(pass, normed, normed);
      }
      var h = pass.matrix(TOKENS, HIDDEN);
      attention.apply(pass, normed, 1, Mask.NONE, null, h);
      var expected = new float[TOKENS * HIDDEN];
      for (int t = 0; t < TOKENS; t++) {
        double squares = 0;
        for (int j = 0; j < HIDDEN; j++) {
          h.set(t, j, h.get(t, j) + x.get(t, j));
          squares += h.get(t, j) * h.get(t, j);
        }
        double scale = 1 / Math.sqrt(squares / HIDDEN + EPSILON);
        for (int j = 0; j < HIDDEN; j++) {
          float factor = gain.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, j);
          normed.set(t, j, (float) (h.get(t, j) * scale * factor));
        }
      }
      var inner = pass.matrix(TOKENS, HIDDEN);
      mlp.apply(pass, normed, inner);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = h.get(i / HIDDEN, i % HIDDEN) + inner.get(i / HIDDEN, i % HIDDEN);
      }
      assertThat(y.toArray()).containsExactly(expected, within(2e-5f));
      var read = ReadTokens.at(new int[][] {{0, 5}}, TOKENS);
      var some = pass.matrix(2, HIDDEN);
      layer.apply(pass, x, 1, Mask.NONE, null, read, some);
      assertThat(some.toArray()).isEqualTo(read.of(pass, y).toArray());
    }
  }

  @Test
  void aNormOfASumIsTheNormOfTheAddedRows() {
    var gain = region.floats(HIDDEN).fill((byte) 0);
    for (int j = 0; j < HIDDEN; j++) {
      gain.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, j, j + 1);
    }
    var norm = new RmsNorm(gain, EPSILON);
    var x = sample();
    var residual = pass.matrix(TOKENS, HIDDEN);
    residual.copyFrom(x);
    var sum = pass.matrix(TOKENS, HIDDEN);
    for (int i = 0; i < TOKENS * HIDDEN; i++) {
      sum.set(i / HIDDEN, i % HIDDEN, 2 * x.get(i / HIDDEN, i % HIDDEN));
    }
    norm.apply(pass, sum, sum);
    norm.apply(pass, x, residual, residual); // in the place of an operand
    assertThat(residual.toArray()).isEqualTo(sum.toArray());
  }
}
