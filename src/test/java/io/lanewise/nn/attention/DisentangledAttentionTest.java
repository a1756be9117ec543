package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Backends;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.Trace;
import io.lanewise.nn.UnpaddedSequences;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DeBERTa's attention against its formulas in loops of doubles, and the laws of the house. */
@Tag("every-vector-width")
class DisentangledAttentionTest {
  private static final int HEADS = 3;
  private static final int SIZE = 5;
  private static final int HIDDEN = HEADS * SIZE;
  private static final float SCALE = (float) (1 / Math.sqrt(3 * SIZE));

  private final Region region = Region.open();
  private final Weights weights = Weights.random(11, 0.4f, region);

  /** What a layer is like. */
  private record Kind(
      DistanceBuckets buckets, boolean shared, boolean keys, boolean queries, boolean talking) {
    static Kind of(DistanceBuckets buckets) {
      return new Kind(buckets, true, true, true, false);
    }
  }

  private DenseAttention layer(Backend backend, Kind kind) {
    var packing = new Packing(backend.gemm(), region);
    var all =
        Linear.fused(
            packing, HIDDEN, HIDDEN, weights.at("query"), weights.at("key"), weights.at("value"));
    var table = weights.matrix("distances", kind.buckets.rows(), HIDDEN);
    var vectors = new DistanceVectors(kind.buckets, table, kind.keys, kind.queries);
    var distances =
        kind.shared
            ? vectors.project(packing, HEADS, all)
            : vectors.project(packing, HEADS, weights.at("pos"), false, weights.at("posq"));
    var talking =
        kind.talking
            ? new TalkingHeads(
                weights.matrix("before", HEADS, HEADS).toArray(),
                weights.matrix("behind", HEADS, HEADS).toArray())
            : null;
    return new DenseAttention(
        all,
        Linear.load(packing, HIDDEN, HIDDEN, weights.at("out")),
        new AttentionHeads(HEADS, SIZE, SCALE, distances, talking));
  }

  @ParameterizedTest
  @CsvSource({
    "8, true, true, true, false", //
    "8, true, true, false, false",
    "8, true, false, true, false",
    "0, true, true, true, false",
    "8, false, true, true, false",
    "0, false, true, true, true",
    "0, false, false, true, true",
  })
  void isWhatThePaperSays(
      int count, boolean shared, boolean keys, boolean queries, boolean talking) {
    // 19 tokens pass the end of the table, by the logarithm and without it.
    var buckets = count > 0 ? new DistanceBuckets(count, count, 15) : DistanceBuckets.each(6);
    var kind = new Kind(buckets, shared, keys, queries, talking);
    int batch = 2;
    int tokens = 19;
    var x = states(batch * tokens);
    var seen = new float[batch * tokens];
    Arrays.fill(seen, 0, tokens + 11, 1);
    for (var choice : Backend.Choice.values()) {
      if (!Backends.isHere(choice)) {
        continue;
      }
      with(
          choice,
          2,
          true,
          pass -> {
            var y = apply(pass, kind, x, batch, Mask.padding(pass, seen, batch, tokens));
            var expected = new Expected(kind, x, tokens);
            var kept = pass.trace().attentions().getFirst();
            for (int b = 0; b < batch; b++) {
              for (int t = 0; t < tokens; t++) {
                double[][] rows = expected.probabilities(b, t, seen);
                for (int h = 0; h < HEADS; h++) {
                  assertThat(kept.row(b, h, t))
                      .as("%s %d %d %d", choice, b, h, t)
                      .containsExactly(floats(rows[h]), within(3e-6f));
                }
                assertThat(
                        Arrays.copyOfRange(
                            y, (b * tokens + t) * HIDDEN, (b * tokens + t + 1) * HIDDEN))
                    .containsExactly(floats(expected.result(b, rows)), within(2e-5f));
              }
            }
          });
    }
  }

  /** Reading some tokens, leaving the padding out, a row alone, and threads change no bit. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waysOfRunningItGiveTheSameBits(boolean logarithmic) {
    var kind = Kind.of(logarithmic ? new DistanceBuckets(8, 8, 15) : DistanceBuckets.each(30));
    int batch = 3;
    int tokens = 21;
    int[] lengths = {21, 13, 1};
    var x = states(batch * tokens);
    var seen = new float[batch * tokens];
    for (int b = 0; b < batch; b++) {
      Arrays.fill(seen, b * tokens, b * tokens + lengths[b], 1);
    }
    for (var choice : new Backend.Choice[] {Backend.Choice.SCALAR, Backend.Choice.VECTOR}) {
      if (!Backends.isHere(choice)) {
        continue;
      }
      var whole = new float[1][];
      with(
          choice,
          1,
          false,
          pass -> whole[0] = apply(pass, kind, x, batch, Mask.padding(pass, seen, batch, tokens)));
      with(
          choice,
          3,
          false,
          pass -> {
            var mask = Mask.padding(pass, seen, batch, tokens);
            assertThat(apply(pass, kind, x, batch, mask)).as("threads").isEqualTo(whole[0]);
            var packed = UnpaddedSequences.of(seen, batch, tokens);
            var left = pass.matrix(packed.rows(), HIDDEN);
            pass.backend().rowwise().gather(matrix(pass, x), packed.paddedRows(), left);
            var unpadded = apply(pass, kind, left.toArray(), batch, Mask.of(packed));
            for (int b = 0; b < batch; b++) {
              var expected = rows(whole[0], b * tokens, lengths[b]);
              assertThat(rows(unpadded, packed.starts()[b], lengths[b]))
                  .as("without padding")
                  .isEqualTo(expected);
              var alone = rows(x, b * tokens, lengths[b]);
              assertThat(apply(pass, kind, alone, 1, Mask.NONE)).as("alone").isEqualTo(expected);
            }
            var read = ReadTokens.at(new int[][] {{0, 7, 20}, {12}, {0}}, tokens);
            assertThat(read(pass, kind, matrix(pass, x), batch, mask, read))
                .as("some tokens")
                .isEqualTo(picked(whole[0], read));
            assertThat(read(pass, kind, left, batch, Mask.of(packed), read.in(packed)))
                .as("some tokens without padding")
                .isEqualTo(picked(whole[0], read));
          });
    }
  }

  @Test
  void vectorsOfZeroAreDenseAttention() {
    int tokens = 9;
    var x = states(tokens);
    with(
        Backend.Choice.SCALAR,
        1,
        false,
        pass -> {
          var packing = new Packing(pass.backend().gemm(), region);
          var with = layer(pass.backend(), Kind.of(DistanceBuckets.each(4)));
          var zeros = region.matrix(8, HIDDEN);
          var none =
              DisentangledPositions.of(packing, DistanceBuckets.each(4), HEADS, zeros, zeros);
          var results = new DisentangledPositions[] {none, null};
          var y = new float[2][];
          for (int i = 0; i < 2; i++) {
            var heads = new AttentionHeads(HEADS, SIZE, SCALE, results[i], null);
            var attention = new DenseAttention(with.queryKeyValue(), with.output(), heads);
            var out = pass.matrix(tokens, HIDDEN);
            attention.apply(pass, matrix(pass, x), 1, Mask.NONE, null, out);
            y[i] = out.toArray();
          }
          assertThat(y[0]).isEqualTo(y[1]);
        });
  }

  private float[] apply(Pass pass, Kind kind, float[] x, int batch, Mask mask) {
    var y = pass.matrix(x.length / HIDDEN, HIDDEN);
    layer(pass.backend(), kind).apply(pass, matrix(pass, x), batch, mask, null, y);
    return y.toArray();
  }

  private float[] read(Pass pass, Kind kind, Matrix x, int batch, Mask mask, ReadTokens read) {
    var y = pass.matrix(read.count(), HIDDEN);
    var asking = read.of(pass, x);
    layer(pass.backend(), kind).apply(pass, x, batch, mask, null, read, asking, y);
    return y.toArray();
  }

  private static float[] picked(float[] all, ReadTokens read) {
    var result = new float[read.count() * HIDDEN];
    for (int i = 0; i < read.count(); i++) {
      System.arraycopy(all, read.rows()[i] * HIDDEN, result, i * HIDDEN, HIDDEN);
    }
    return result;
  }

  private static float[] rows(float[] all, int from, int count) {
    return Arrays.copyOfRange(all, from * HIDDEN, (from + count) * HIDDEN);
  }

  private static Matrix matrix(Pass pass, float[] x) {
    var matrix = pass.matrix(x.length / HIDDEN, HIDDEN);
    matrix.copyFrom(x, 0);
    return matrix;
  }

  private static float[] states(int rows) {
    var random = new Random(3);
    var x = new float[rows * HIDDEN];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static float[] floats(double[] values) {
    var result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  private void with(Backend.Choice choice, int threads, boolean keeps, Consumer<Pass> trial) {
    try (var backend = Backend.of(choice, threads);
        var slab = new Slab();
        var _ = slab.frame()) {
      trial.accept(new Pass(backend, slab, new Trace(false, keeps)));
    }
  }

  /** The formulas, in doubles. */
  private final class Expected {
    private final Kind kind;
    private final int tokens;
    private final double[][] q;
    private final double[][] k;
    private final double[][] v;
    private final double[][] keyVectors;
    private final double[][] queryVectors;

    Expected(Kind kind, float[] x, int tokens) {
      this.kind = kind;
      this.tokens = tokens;
      var states = new double[x.length / HIDDEN][HIDDEN];
      for (int i = 0; i < x.length; i++) {
        states[i / HIDDEN][i % HIDDEN] = x[i];
      }
      q = project(states, "query");
      k = project(states, "key");
      v = project(states, "value");
      var table = doubles(weights.matrix("distances", kind.buckets.rows(), HIDDEN));
      keyVectors = project(table, kind.shared ? "key" : "pos");
      queryVectors = project(table, kind.shared ? "query" : "posq");
    }

    private double[][] project(double[][] x, String name) {
      var weight = doubles(weights.at(name).matrix("weight", HIDDEN, HIDDEN));
      var y = new double[x.length][HIDDEN];
      for (int i = 0; i < x.length; i++) {
        for (int o = 0; o < HIDDEN; o++) {
          y[i][o] = dot(x[i], weight[o], 0, HIDDEN);
        }
      }
      return y;
    }

    double[][] probabilities(int b, int t, float[] seen) {
      var scores = new double[HEADS][tokens];
      for (int h = 0; h < HEADS; h++) {
        for (int s = 0; s < tokens; s++) {
          int row = kind.buckets.row(t - s);
          double sum = dot(q[b * tokens + t], k[b * tokens + s], h * SIZE, SIZE);
          if (kind.keys) {
            sum += dot(q[b * tokens + t], keyVectors[row], h * SIZE, SIZE);
          }
          if (kind.queries) {
            sum += dot(k[b * tokens + s], queryVectors[row], h * SIZE, SIZE);
          }
          scores[h][s] = sum * SCALE;
        }
      }
      scores = kind.talking ? mixed(scores, "before") : scores;
      for (int h = 0; h < HEADS; h++) {
        double sum = 0;
        for (int s = 0; s < tokens; s++) {
          scores[h][s] = seen[b * tokens + s] == 0 ? 0 : Math.exp(scores[h][s]);
          sum += scores[h][s];
        }
        for (int s = 0; s < tokens; s++) {
          scores[h][s] /= sum;
        }
      }
      return kind.talking ? mixed(scores, "behind") : scores;
    }

    private double[][] mixed(double[][] rows, String name) {
      var weight = doubles(weights.matrix(name, HEADS, HEADS));
      var result = new double[HEADS][tokens];
      for (int h = 0; h < HEADS; h++) {
        for (int g = 0; g < HEADS; g++) {
          for (int s = 0; s < tokens; s++) {
            result[h][s] += weight[h][g] * rows[g][s];
          }
        }
      }
      return result;
    }

    double[] result(int b, double[][] probabilities) {
      var context = new double[1][HIDDEN];
      for (int i = 0; i < HIDDEN; i++) {
        for (int s = 0; s < tokens; s++) {
          context[0][i] += probabilities[i / SIZE][s] * v[b * tokens + s][i];
        }
      }
      return project(context, "out")[0];
    }

    private static double dot(double[] a, double[] b, int from, int count) {
      double sum = 0;
      for (int i = from; i < from + count; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }

    private static double[][] doubles(Matrix matrix) {
      var result = new double[matrix.rows()][matrix.columns()];
      for (int i = 0; i < matrix.rows(); i++) {
        for (int j = 0; j < matrix.columns(); j++) {
          result[i][j] = matrix.get(i, j);
        }
      }
      return result;
    }
  }
}
