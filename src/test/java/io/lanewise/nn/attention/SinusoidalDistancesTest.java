package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SinusoidalDistancesTest {
  private static final int HEADS = 3;
  private static final int SIZE = 6;

  @Test
  void vectorsAreSinesAndCosines() {
    with(
        (pass, region) -> {
          var distances = SinusoidalDistances.of(packing(pass, region), 2, 9, 4);
          var q = region.matrix(4, 4); // each row of the unit matrix selects one element
          for (int i = 0; i < 4; i++) {
            q.set(i, i, 1);
          }
          var arguments = Attention.Arguments.of(1, 1, 4, 3, 4, q, q, q, 1);
          // Four queries at the position of token 2 of 3: the distances to the keys are -2, -1 and
          // 0.
          var scores = distances.scores(pass, arguments, 2, 1);
          for (int distance = 0; distance < 3; distance++) {
            assertThat(scores.get(0, distance))
                .isCloseTo((float) Math.sin(distance), within(1e-6f));
            assertThat(scores.get(1, distance))
                .isCloseTo((float) Math.cos(distance), within(1e-6f));
            assertThat(scores.get(2, distance))
                .isCloseTo((float) Math.sin(distance * 0.01), within(1e-6f));
            assertThat(scores.get(3, distance))
                .isCloseTo((float) Math.cos(distance * 0.01), within(1e-6f));
          }
        });
  }

  /** Compares with the sums as the paper writes them, with a vector for each pair of tokens. */
  @Property(tries = 300)
  void equalsAVectorForEachPair(
      @ForAll @IntRange(min = 0, max = 7) int limit,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 5) int tokens,
      @ForAll @IntRange(min = 1, max = 2) int group,
      @ForAll @IntRange(min = 1, max = 12) int keys,
      @ForAll @IntRange(min = 0, max = 20) int past,
      @ForAll long seed) {
    with(
        (pass, region) -> {
          var random = new Random(seed);
          int longest = Math.max(keys, past + tokens);
          var distances = SinusoidalDistances.of(packing(pass, region), limit, longest, SIZE);
          int queries = group * tokens;
          var q = random(region, random, batch * queries);
          var k = random(region, random, batch * keys);
          var arguments = Attention.Arguments.of(batch, HEADS, queries, keys, SIZE, q, k, k, 1);
          var scores = distances.scores(pass, arguments, past, tokens);
          var probabilities = region.matrix(batch * HEADS * queries, keys);
          fill(random, probabilities);
          var before = random(region, random, batch * queries);
          var context = region.matrix(batch * queries, HEADS * SIZE);
          context.copyFrom(before.toArray(), 0);
          distances.addValues(pass, arguments, past, tokens, probabilities, context);
          for (int b = 0; b < batch; b++) {
            for (int h = 0; h < HEADS; h++) {
              for (int i = 0; i < queries; i++) {
                int row = (b * HEADS + h) * queries + i;
                var added = new double[SIZE];
                for (int j = 0; j < keys; j++) {
                  int distance = Math.clamp(j - past - i % tokens, -limit, limit) + limit;
                  double score = 0;
                  for (int d = 0; d < SIZE; d++) {
                    double vector = vector(distance, d);
                    score += q.get(b * queries + i, h * SIZE + d) * vector;
                    added[d] += probabilities.get(row, j) * vector;
                  }
                  assertThat((double) scores.get(row, j)).isCloseTo(score, within(1e-5));
                }
                for (int d = 0; d < SIZE; d++) {
                  int column = h * SIZE + d;
                  assertThat((double) context.get(b * queries + i, column))
                      .isCloseTo(before.get(b * queries + i, column) + added[d], within(1e-5));
                }
              }
            }
          }
        });
  }

  private static double vector(int distance, int index) {
    double angle = distance * Math.pow(10000, -(double) (index - index % 2) / SIZE);
    return index % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
  }

  private static Matrix random(Region region, Random random, int rows) {
    var matrix = region.matrix(rows, HEADS * SIZE);
    fill(random, matrix);
    return matrix;
  }

  private static void fill(Random random, Matrix matrix) {
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        matrix.set(i, j, random.nextFloat() - 0.5f);
      }
    }
  }

  private static Packing packing(Pass pass, Region region) {
    return new Packing(pass.backend().gemm(), region);
  }

  private interface Trial {
    void run(Pass pass, Region region);
  }

  private static void with(Trial trial) {
    try (var backend = Backend.of(Backend.Choice.SCALAR, 2);
        var region = Region.open();
        var slab = new Slab()) {
      var pass = new Pass(backend, slab);
      try (var _ = pass.frame()) {
        trial.run(pass, region);
      }
    }
  }
}
