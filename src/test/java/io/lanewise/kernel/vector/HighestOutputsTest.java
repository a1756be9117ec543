package io.lanewise.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Packed;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HighestOutputsTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  /** What may make the choice hard. */
  private enum Kind {
    PLAIN,
    /** Every row is there twice. */
    DUPLICATES,
    /** Some large rows differ by less than a step of their int8. */
    NEAR_TIES,
    /** The largest weight of a row is far from the others, so that int8 is coarse. */
    OUTLIERS,
    /** Weights that are no normal floats, zeros among them. */
    TINY,
    /** Weights are zero, and biases decide. */
    BIASES
  }

  @Property(tries = 400, seed = "17")
  void theHighestAreThoseOfTheWholeProduct(
      @ForAll long seed,
      @ForAll Kind kind,
      @ForAll @IntRange(min = 1, max = 900) int outputs,
      @ForAll @IntRange(min = 1, max = 700) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    var random = new SplittableRandom(seed);
    try (var workers = new Workers(threads);
        var region = Region.open()) {
      var gemm = new VectorGemm(workers);
      var weights = weights(kind, random, region, outputs, inputs);
      var bias = region.floats(outputs);
      for (int i = 0; kind != Kind.TINY && i < outputs; i++) {
        Matrix.of(bias, outputs, 1).set(i, 0, random.nextInt(3) / 2f);
      }
      var packed = gemm.pack(List.of(weights), List.of(bias), region);
      var x = region.matrix(rows, inputs);
      fill(x, random, 1);
      var excluded = new int[rows][];
      for (int row = 0; row < rows; row++) {
        excluded[row] = random.ints(random.nextInt(outputs), 0, outputs).toArray();
      }
      check(gemm, packed, workers, region, x, excluded);
    }
  }

  private static Matrix weights(
      Kind kind, SplittableRandom random, Region region, int outputs, int inputs) {
    var weights = region.matrix(outputs, inputs);
    fill(weights, random, 0.02);
    for (int i = 0; i < outputs; i++) {
      switch (kind) {
        case PLAIN -> {}
        case DUPLICATES -> weights.rows(i, 1).copyFrom(weights.rows(i - i % 2, 1));
        case NEAR_TIES -> {
          for (int k = 0; i < 40 && k < inputs; k++) {
            float change = k == i % inputs ? 1e-6f : 0;
            weights.set(i, k, i == 0 ? 4 * weights.get(0, k) : weights.get(0, k) + change);
          }
        }
        case OUTLIERS -> weights.set(i, random.nextInt(inputs), random.nextInt(-9, 10));
        case TINY -> {
          float scale = (float) Math.pow(10, -random.nextInt(25, 46));
          for (int k = 0; k < inputs; k++) {
            weights.set(i, k, weights.get(i, k) * scale);
          }
        }
        case BIASES -> weights.rows(i, 1).copyFrom(new float[inputs], 0);
      }
    }
    return weights;
  }

  private static void fill(Matrix matrix, SplittableRandom random, double deviation) {
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        matrix.set(i, j, (float) (random.nextGaussian() * deviation));
      }
    }
  }

  /** Whether the highest were computed; then they are right. */
  private static boolean check(
      VectorGemm gemm, Packed packed, Workers workers, Region region, Matrix x, int[][] excluded) {
    int outputs = packed.outputs();
    var whole = region.matrix(x.rows(), outputs);
    gemm.apply(x, packed, Activation.IDENTITY, whole);
    var highest = new float[x.rows() * outputs];
    var scratch = region.matrix(x.rows(), outputs);
    boolean done =
        HighestOutputs.of(packed, region, workers).compute(x, excluded, scratch, highest);
    for (int row = 0; done && row < x.rows(); row++) {
      var exact = whole.rows(row, 1).toArray();
      for (int i : excluded[row]) {
        exact[i] = NONE;
      }
      var some = Arrays.copyOfRange(highest, row * outputs, (row + 1) * outputs);
      float best = max(exact);
      for (int i = 0; i < outputs; i++) {
        if (some[i] != NONE || exact[i] == best) {
          assertThat(Float.floatToRawIntBits(some[i])).isEqualTo(Float.floatToRawIntBits(exact[i]));
        }
      }
    }
    return done;
  }

  private static float max(float[] values) {
    float max = NONE;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /**
   * All weights of the best output are rounded down, and all of the one that seems best are rounded
   * up or exact.
   */
  @Test
  void theBestIsKeptWhereAllRoundingsAddUp() {
    try (var workers = new Workers(1);
        var region = Region.open()) {
      var gemm = new VectorGemm(workers);
      var weights = region.matrix(2000, 65);
      for (int i = 0; i < 2000; i++) {
        for (int k = 0; k < 64; k++) {
          weights.set(i, k, -100);
        }
        weights.set(i, 64, 127); // a scale of 1
      }
      for (int k = 0; k < 64; k++) {
        weights.set(1500, k, 0.499f);
        weights.set(3, k, k < 26 ? 0.501f : 0);
      }
      var packed = gemm.pack(List.of(weights), List.of(), region);
      var x = region.matrix(1, 65);
      for (int k = 0; k < 64; k++) {
        x.set(0, k, 1);
      }
      assertThat(check(gemm, packed, workers, region, x, new int[][] {{}})).isTrue();
    }
  }

  @Test
  void fewAreLeftOfMany() {
    var random = new SplittableRandom(3);
    try (var workers = new Workers(2);
        var region = Region.open()) {
      var gemm = new VectorGemm(workers);
      var weights = region.matrix(20_000, 96);
      fill(weights, random, 0.02);
      var packed = gemm.pack(List.of(weights), List.of(), region);
      var x = region.matrix(2, 96);
      fill(x, random, 1);
      int[][] excluded = {{}, {}};
      assertThat(check(gemm, packed, workers, region, x, excluded)).isTrue();
      var highest = new float[2 * 20_000];
      long before = region.allocatedBytes();
      var copy = HighestOutputs.of(packed, region, workers);
      assertThat(region.allocatedBytes() - before).isBetween(20_000L * 96, 20_000L * 96 + 200_000);
      assertThat(copy.compute(x, excluded, region.matrix(2, 20_000), highest)).isTrue();
      var left = new TreeSet<Integer>();
      for (int i = 0; i < highest.length; i++) {
        if (highest[i] != NONE) {
          left.add(i);
        }
      }
      assertThat(left).hasSizeBetween(2, 400);
    }
  }

  @Test
  void whatIsNotFiniteIsLeftToTheWholeProduct() {
    try (var workers = new Workers(1);
        var region = Region.open()) {
      var gemm = new VectorGemm(workers);
      for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, NONE, 3e38f}) {
        var random = new SplittableRandom(5);
        var weights = region.matrix(700, 40);
        fill(weights, random, 1);
        var x = region.matrix(1, 40);
        fill(x, random, 1);
        var good = gemm.pack(List.of(weights), List.of(), region);
        int[][] none = {{}};
        assertThat(check(gemm, good, workers, region, x, none)).isTrue();
        var bias = region.floats(700);
        Matrix.of(bias, 1, 700).set(0, 9, odd);
        var biased = gemm.pack(List.of(weights), List.of(bias), region);
        assertThat(check(gemm, biased, workers, region, x, none)).isFalse();
        weights.set(699, 39, odd);
        var bad = gemm.pack(List.of(weights), List.of(), region);
        assertThat(check(gemm, bad, workers, region, x, none)).isFalse();
        x.set(0, 3, odd);
        assertThat(check(gemm, good, workers, region, x, none)).isFalse();
      }
    }
  }

  @Test
  void whereAllAreExcludedItIsLeftToTheWholeProduct() {
    try (var workers = new Workers(1);
        var region = Region.open()) {
      var gemm = new VectorGemm(workers);
      var weights = region.matrix(500, 8);
      fill(weights, new SplittableRandom(1), 1);
      var packed = gemm.pack(List.of(weights), List.<MemorySegment>of(), region);
      var all = new int[500];
      Arrays.setAll(all, i -> i);
      var x = region.matrix(1, 8);
      fill(x, new SplittableRandom(2), 1);
      assertThat(check(gemm, packed, workers, region, x, new int[][] {all})).isFalse();
    }
  }
}
