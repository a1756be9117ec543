package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention with products in bf16 beside the scalar specification. */
class OneDnnAttentionTest {
  /** Rounding to bf16 errs by 2⁻⁹ at most; of results about 1 in size that is this, a few times. */
  private static final double ROUNDING = 0.02;

  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final Attention scalar = new ScalarAttention(two);

  @BeforeEach
  void isHere() {
    OneDnnHere.assume(Precision.BFLOAT16);
  }

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  @ParameterizedTest
  @CsvSource({
    "16, 2, 16, 64",
    "17, 3, 31, 13",
    "31, 2, 33, 16",
    "64, 2, 64, 64",
    "103, 1, 103, 31",
    "129, 2, 207, 80",
    "257, 1, 257, 128",
    "300, 1, 40, 64",
    "15, 2, 15, 64",
    "1, 2, 70, 64"
  })
  void agreesWithTheScalarTwin(int queries, int heads, int keys, int headSize) {
    var plain = arguments(2, heads, queries, keys, headSize);
    compare(plain);
    compare(plain.withMask(mask(2, keys)));
    compare(plain.withMask(mask(2 * queries, keys)));
    var headMask = new float[heads];
    headMask[heads - 1] = 0.7f;
    int rows = 2 * heads * queries;
    var scores = Sample.normal(region, 9, rows, keys, Layout.STRIDED).matrix();
    compare(plain.withPositionScores(scores).withHeadMask(headMask));
  }

  private void compare(Arguments a) {
    int scores = a.batch() * a.heads() * a.queries();
    var expected = region.matrix(a.q().rows(), a.q().columns());
    var expectedProbabilities = region.matrix(scores, a.keys());
    scalar.dense(a, expectedProbabilities, expected);
    var narrow = new OneDnnAttention(two);
    for (var layout : Layout.values()) {
      var out = Sample.empty(region, expected.rows(), expected.columns(), layout);
      var probabilities = Sample.empty(region, scores, a.keys(), layout);
      narrow.dense(a, probabilities.matrix(), out.matrix());
      new Comparison(ROUNDING).check(out.matrix(), expected);
      new Comparison(ROUNDING).check(probabilities.matrix(), expectedProbabilities);
      out.assertNothingElseWritten();
      probabilities.assertNothingElseWritten();
      var alone = Sample.empty(region, expected.rows(), expected.columns(), layout);
      narrow.dense(a, null, alone.matrix());
      alone.assertNothingElseWritten();
      Sample.assertSameBits(alone.matrix(), out.matrix());
    }
  }

  /** 1, 2 and 3 are numbers of bf16, and so are 0 and 1: nothing is rounded. */
  @Test
  void whatNeedsNoRoundingIsExact() {
    int tokens = 67;
    var q = region.matrix(tokens, 64);
    var k = region.matrix(tokens, 64);
    var v = region.matrix(tokens, 64);
    for (int i = 0; i < tokens; i++) {
      // token i asks for token 66 − i: 7 binary digits, each as itself and turned around
      for (int bit = 0; bit < 7; bit++) {
        float asked = ((tokens - 1 - i) >> bit & 1) * 2 - 1;
        q.set(i, bit, 64 * asked);
        k.set(i, bit, (i >> bit & 1) * 2 - 1);
      }
      for (int j = 0; j < 64; j++) {
        v.set(i, j, i + (float) j * 2);
      }
    }
    var out = region.matrix(tokens, 64);
    new OneDnnAttention(two).dense(Arguments.of(1, 1, tokens, tokens, 64, q, k, v, 1), null, out);
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < 64; j++) {
        assertThat(out.get(i, j)).isEqualTo(tokens - 1 - i + (float) j * 2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"103, 64", "129, 31", "16, 16"})
  void theBitsDependNeitherOnThreadsNorOnTheBatch(int tokens, int headSize) {
    var a = arguments(5, 3, tokens, tokens, headSize).withMask(mask(5, tokens));
    var first = region.matrix(a.q().rows(), a.q().columns());
    try (var one = new Workers(1)) {
      new OneDnnAttention(one).dense(a, null, first);
    }
    for (int threads = 2; threads < 9; threads += 3) {
      try (var workers = new Workers(threads)) {
        var again = region.matrix(first.rows(), first.columns());
        new OneDnnAttention(workers).dense(a, null, again);
        Sample.assertSameBits(again, first);
      }
    }
    for (int b = 0; b < a.batch(); b++) {
      int from = b * tokens;
      var alone = region.matrix(tokens, first.columns());
      var own =
          Arguments.of(
                  1,
                  3,
                  tokens,
                  tokens,
                  headSize,
                  a.q().rows(from, tokens),
                  a.k().blocks().getFirst().rows(from, tokens),
                  a.v().blocks().getFirst().rows(from, tokens),
                  a.scale())
              .withMask(a.mask().rows(b, 1));
      try (var many = new Workers(16)) {
        new OneDnnAttention(many).dense(own, null, alone);
      }
      Sample.assertSameBits(alone, first.rows(from, tokens));
    }
  }

  @Test
  void sequencesWithoutPaddingHaveTheBitsThatTheyHaveAlone() {
    int[] lengths = {40, 1, 103, 16, 15, 64};
    var starts = new int[lengths.length + 1];
    for (int b = 0; b < lengths.length; b++) {
      starts[b + 1] = starts[b] + lengths[b];
    }
    int all = starts[lengths.length];
    var packed = arguments(1, 2, all, all, 64);
    var q = packed.q();
    var k = packed.k().blocks().getFirst();
    var v = packed.v().blocks().getFirst();
    var out = region.matrix(all, 128);
    var kernel = new OneDnnAttention(two);
    var together = Arguments.of(lengths.length, 2, 103, 103, 64, q, k, v, packed.scale());
    kernel.dense(together.withStarts(starts), null, out);
    for (int b = 0; b < lengths.length; b++) {
      int n = lengths[b];
      var alone = region.matrix(n, 128);
      kernel.dense(
          Arguments.of(
              1,
              2,
              n,
              n,
              64,
              q.rows(starts[b], n),
              k.rows(starts[b], n),
              v.rows(starts[b], n),
              packed.scale()),
          null,
          alone);
      Sample.assertSameBits(out.rows(starts[b], n), alone);
    }
  }

  @Test
  void notANumberStaysInItsQueryOrItsSequence() {
    var a = arguments(3, 2, 19, 19, 16);
    a.q().set(4, 20, Float.NaN); // sequence 0, query 4, head 1
    a.k().blocks().getFirst().set(19 + 12, 3, Float.NaN); // sequence 1, head 0
    var out = region.matrix(57, 32);
    new OneDnnAttention(two).dense(a, null, out);
    for (int row = 0; row < 57; row++) {
      assertThat(Float.isNaN(out.get(row, 0))).isEqualTo(row / 19 == 1);
      assertThat(Float.isNaN(out.get(row, 31))).isEqualTo(row == 4);
    }
  }

  private Matrix mask(int rows, int keys) {
    var mask = Sample.empty(region, rows, keys, Layout.STRIDED).matrix();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < keys; j++) {
        mask.set(i, j, (i * 31 + j * 7) % 3 == 0 ? -Float.MAX_VALUE : 0);
      }
    }
    return mask;
  }

  private Arguments arguments(int batch, int heads, int queries, int keys, int headSize) {
    int width = heads * headSize;
    var q = Sample.normal(region, 1, batch * queries, width, Layout.STRIDED).matrix();
    var kv = Sample.normal(region, 2, batch * keys, 2 * width, Layout.SHIFTED).matrix();
    float scale = (float) (1 / Math.sqrt(headSize));
    return Arguments.of(
        batch,
        heads,
        queries,
        keys,
        headSize,
        q,
        kv.columns(0, width),
        kv.columns(width, width),
        scale);
  }
}
