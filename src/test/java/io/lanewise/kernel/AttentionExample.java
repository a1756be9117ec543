package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Random arguments of attention, and the checks that every kernel has to pass.
 *
 * @param scalar the oracle
 */
public record AttentionExample(Region region, Attention scalar) {
  private static final int[] THREADS = {2, 3, 4, 5, 8};

  /**
   * Keys and values side by side, as a fused projection writes them; queries in a matrix of their
   * own.
   *
   * @param keyRows of each sequence, of which the first {@code keys} count
   */
  public Arguments arguments(
      int batch, int heads, int queries, int keys, int headSize, int keyRows) {
    int width = heads * headSize;
    var q = Sample.normal(region, 1, batch * queries, width, Layout.STRIDED).matrix();
    var kv = Sample.normal(region, 2, batch * keyRows, 2 * width, Layout.SHIFTED).matrix();
    var k = kv.columns(0, width);
    var v = kv.columns(width, width);
    float scale = (float) (1 / Math.sqrt(headSize));
    return Arguments.of(batch, heads, queries, keys, headSize, q, k, v, scale);
  }

  /** Sequences of these lengths one after the other, without padding. */
  public Arguments packed(int heads, int headSize, int... starts) {
    int rows = starts[starts.length - 1];
    int longest = 0;
    for (int b = 1; b < starts.length; b++) {
      longest = Math.max(longest, starts[b] - starts[b - 1]);
    }
    var a = arguments(1, heads, rows, rows, headSize, rows);
    return Arguments.of(
            starts.length - 1, heads, longest, longest, headSize, a.q(), a.k(), a.v(), a.scale())
        .withStarts(starts);
  }

  /** A third of the keys hidden. */
  public Matrix mask(int rows, int keys) {
    var random = new SplittableRandom(7);
    var mask = Sample.empty(region, rows, keys, Layout.STRIDED).matrix();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < keys; j++) {
        mask.set(i, j, random.nextInt(3) == 0 ? -Float.MAX_VALUE : 0);
      }
    }
    return mask;
  }

  /** Scores of positions for all heads and queries. */
  public Matrix positionScores(Arguments a) {
    int rows = a.batch() * a.heads() * a.queries();
    return Sample.normal(region, 9, rows, a.keys(), Layout.STRIDED).matrix();
  }

  /** One sequence of a batch. */
  static Arguments sequence(Arguments a, int b) {
    UnaryOperator<Matrix> part =
        all -> all == null ? null : all.rows(all.rows() / a.batch() * b, all.rows() / a.batch());
    return new Arguments(
        1,
        a.heads(),
        a.queries(),
        a.keys(),
        a.headSize(),
        part.apply(a.q()),
        KeyRows.of(part.apply(a.k().blocks().getFirst())),
        KeyRows.of(part.apply(a.v().blocks().getFirst())),
        a.scale(),
        part.apply(a.mask()),
        part.apply(a.positionScores()),
        a.headMask(),
        null,
        null);
  }

  /** The results equal the oracle's in every layout, and nothing is written beside them. */
  public void assertResults(Attention kernel, Arguments a, double tolerance) {
    var expected = region.matrix(a.q().rows(), a.q().columns());
    scalar.dense(a, null, expected);
    for (var layout : Layout.values()) {
      var out = Sample.empty(region, expected.rows(), expected.columns(), layout);
      kernel.dense(a, null, out.matrix());
      new Comparison(tolerance).check(out.matrix(), expected);
      out.assertNothingElseWritten();
    }
  }

  /**
   * The probabilities equal the oracle's, and writing them does not change the bits of the results.
   */
  public void assertProbabilities(Attention kernel, Arguments a, double tolerance) {
    int scores = a.batch() * a.heads() * a.queries();
    var expected = region.matrix(scores, a.keys());
    scalar.dense(a, expected, region.matrix(a.q().rows(), a.q().columns()));
    var alone = region.matrix(a.q().rows(), a.q().columns());
    kernel.dense(a, null, alone);
    for (var layout : Layout.values()) {
      var out = Sample.empty(region, alone.rows(), alone.columns(), layout);
      var probabilities = Sample.empty(region, scores, a.keys(), layout);
      kernel.dense(a, probabilities.matrix(), out.matrix());
      new Comparison(tolerance).check(probabilities.matrix(), expected);
      out.assertNothingElseWritten();
      probabilities.assertNothingElseWritten();
      Sample.assertSameBits(out.matrix(), alone);
    }
  }

  /** The bits are the same with any number of threads, and for each sequence alone. */
  public void assertBitsStay(Function<Workers, Attention> kernel, Arguments a) {
    var first = region.matrix(a.q().rows(), a.q().columns());
    try (var one = new Workers(1)) {
      kernel.apply(one).dense(a, null, first);
    }
    for (int threads : THREADS) {
      try (var workers = new Workers(threads)) {
        var again = region.matrix(first.rows(), first.columns());
        kernel.apply(workers).dense(a, null, again);
        Sample.assertSameBits(again, first);
      }
    }
    for (int b = 0; b < a.batch(); b++) {
      var alone = region.matrix(a.queries(), first.columns());
      try (var many = new Workers(16)) {
        kernel.apply(many).dense(sequence(a, b), null, alone);
      }
      Sample.assertSameBits(alone, first.rows(b * a.queries(), a.queries()));
    }
  }
}
