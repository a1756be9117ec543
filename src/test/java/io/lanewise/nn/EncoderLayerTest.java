package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Backends;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole layer against the formulas of the papers, written out in loops of doubles. */
@Tag("every-vector-width")
class EncoderLayerTest {
  private static final int BATCH = 2;
  private static final int TOKENS = 7;
  private static final int HEADS = 3;
  private static final int SIZE = 5;
  private static final int HIDDEN = HEADS * SIZE;
  private static final int WIDE = 11;
  private static final int MOST = 9;
  private static final float EPSILON = 1e-3f;
  private static final float FACTOR = 1.5f;

  /** A kind of position scores. */
  enum Distances {
    NONE,
    KEY,
    KEY_QUERY
  }

  private final Region region = Region.open();
  private final Weights weights = Weights.random(11, 0.5f, region);
  private final float[][] seen = {{1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 1, 0}};
  private final float[] headMask = {1, 0.25f, 0};

  private EncoderLayer layer(Backend backend, Distances distances) {
    var packing = new Packing(backend.gemm(), region);
    var positions =
        distances == Distances.NONE
            ? null
            : RelativePositions.load(
                packing,
                distances == Distances.KEY_QUERY,
                MOST,
                SIZE,
                FACTOR,
                weights.at("distance"));
    return new EncoderLayer(
        DenseAttention.load(
            packing,
            HIDDEN,
            HEADS,
            weights.at("query"),
            weights.at("key"),
            weights.at("value"),
            weights.at("dense"),
            positions),
        LayerNorm.load(HIDDEN, EPSILON, weights.at("first")),
        FeedForward.load(
            packing, HIDDEN, WIDE, Activation.RELU, weights.at("in"), weights.at("out")),
        LayerNorm.load(HIDDEN, EPSILON, weights.at("second")));
  }

  @ParameterizedTest
  @EnumSource(Distances.class)
  void isWhatThePapersSay(Distances distances) {
    var random = new Random(3);
    var x = new float[BATCH * TOKENS * HIDDEN];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (var choice : Backend.Choice.values()) {
      if (!Backends.isHere(choice)) {
        continue;
      }
      try (var backend = Backend.of(choice, 2);
          var slab = new Slab();
          var _ = slab.frame()) {
        var trace = new Trace(false, true);
        var pass = new Pass(backend, slab, trace);
        var y = pass.matrix(BATCH * TOKENS, HIDDEN);
        y.copyFrom(x, 0);
        var mask = Mask.padding(pass, flat(seen), BATCH, TOKENS);
        layer(backend, distances).apply(pass, y, BATCH, mask, headMask, y); // in its own place
        for (int b = 0; b < BATCH; b++) {
          var expected = new Expected(x, b, distances);
          var rows = y.rows(b * TOKENS, TOKENS).toArray();
          assertThat(rows).as("%s", choice).containsExactly(expected.result(), within(2e-5f));
          for (int head = 0; head < HEADS; head++) {
            for (int t = 0; t < TOKENS; t++) {
              assertThat(trace.attentions().getFirst().row(b, head, t))
                  .containsExactly(expected.probabilities(head, t), within(2e-6f));
            }
          }
        }
      }
    }
  }

  private static float[] flat(float[][] rows) {
    var flat = new float[BATCH * TOKENS];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / TOKENS][i % TOKENS];
    }
    return flat;
  }

  /** One sequence of the batch, in doubles. */
  private final class Expected {
    private final double[][] x = new double[TOKENS][HIDDEN];
    private final int row;
    private final Distances distances;
    private final double[][] q;
    private final double[][] k;
    private final Matrix table;

    Expected(float[] all, int row, Distances distances) {
      this.row = row;
      this.distances = distances;
      for (int t = 0; t < TOKENS; t++) {
        for (int j = 0; j < HIDDEN; j++) {
          x[t][j] = all[(row * TOKENS + t) * HIDDEN + j];
        }
      }
      q = linear(x, "query", HIDDEN);
      k = linear(x, "key", HIDDEN);
      // random weights are new objects at each reading
      table = weights.at("distance").matrix("weight", 2 * MOST - 1, SIZE);
    }

    double[][] linear(double[][] rows, String name, int outputs) {
      int inputs = rows[0].length;
      var weight = weights.at(name).matrix("weight", outputs, inputs);
      var result = new double[rows.length][outputs];
      for (int t = 0; t < rows.length; t++) {
        for (int j = 0; j < outputs; j++) {
          for (int i = 0; i < inputs; i++) {
            result[t][j] += rows[t][i] * weight.get(j, i);
          }
        }
      }
      return result; // random weights have biases of zero
    }

    double[] softmaxOfScores(int head, int l) {
      var scores = new double[TOKENS];
      double sum = 0;
      for (int r = 0; r < TOKENS; r++) {
        double score = 0;
        for (int d = head * SIZE; d < (head + 1) * SIZE; d++) {
          score += q[l][d] * k[r][d];
          double distance = distance(l, r, d - head * SIZE);
          score += q[l][d] * distance;
          score += distances == Distances.KEY_QUERY ? k[r][d] * distance : 0;
        }
        scores[r] = seen[row][r] == 0 ? 0 : Math.exp(score / Math.sqrt(SIZE));
        sum += scores[r];
      }
      for (int r = 0; r < TOKENS; r++) {
        scores[r] /= sum;
      }
      return scores;
    }

    double distance(int l, int r, int d) {
      return distances == Distances.NONE ? 0 : FACTOR * table.get(l - r + MOST - 1, d);
    }

    float[] probabilities(int head, int l) {
      var scores = softmaxOfScores(head, l);
      var result = new float[TOKENS];
      for (int r = 0; r < TOKENS; r++) {
        result[r] = (float) (scores[r] * headMask[head]);
      }
      return result;
    }

    float[] result() {
      var v = linear(x, "value", HIDDEN);
      var context = new double[TOKENS][HIDDEN];
      for (int l = 0; l < TOKENS; l++) {
        for (int j = 0; j < HIDDEN; j++) {
          var scores = softmaxOfScores(j / SIZE, l);
          for (int r = 0; r < TOKENS; r++) {
            context[l][j] += scores[r] * headMask[j / SIZE] * v[r][j];
          }
        }
      }
      var h = norm(sum(x, linear(context, "dense", HIDDEN)));
      var wide = linear(h, "in", WIDE);
      for (var values : wide) {
        for (int j = 0; j < WIDE; j++) {
          values[j] = Math.max(values[j], 0);
        }
      }
      var y = norm(sum(h, linear(wide, "out", HIDDEN)));
      var flat = new float[TOKENS * HIDDEN];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = (float) y[i / HIDDEN][i % HIDDEN];
      }
      return flat;
    }

    double[][] sum(double[][] a, double[][] b) {
      var sum = new double[TOKENS][HIDDEN];
      for (int t = 0; t < TOKENS; t++) {
        for (int j = 0; j < HIDDEN; j++) {
          sum[t][j] = a[t][j] + b[t][j];
        }
      }
      return sum;
    }

    /** Random weights have gains of one and biases of zero. */
    double[][] norm(double[][] rows) {
      for (var values : rows) {
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        double variance = 0;
        for (double value : values) {
          variance += (value - mean) * (value - mean) / HIDDEN;
        }
        for (int j = 0; j < HIDDEN; j++) {
          values[j] = (values[j] - mean) / Math.sqrt(variance + EPSILON);
        }
      }
      return rows;
    }
  }
}
