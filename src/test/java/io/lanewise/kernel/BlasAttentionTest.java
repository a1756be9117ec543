package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attention of the first calls, the scalar one as the oracle. */
class BlasAttentionTest {
  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final Attention scalar = new ScalarAttention(two);
  private Attention blas;

  @BeforeEach
  void load() {
    assumeTrue(OpenBlasLibrary.find().isPresent());
    blas = new BlasAttention(two);
  }

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "3, 2, 3, 1",
    "7, 3, 7, 9",
    "16, 2, 16, 64",
    "103, 1, 31, 13",
    "2, 2, 207, 64",
    "768, 1, 768, 16",
    "1, 1, 1000, 103"
  })
  void agreesWithTheScalarTwinAtUglySizes(int queries, int heads, int keys, int headSize) {
    var a = arguments(2, heads, queries, keys, headSize, keys + 5);
    compare(a);
    compare(a.withMask(mask(2, keys)));
    compare(a.withMask(mask(2 * queries, keys)));
  }

  @Test
  void agreesWithTheScalarTwinOnSequencesWithoutPadding() {
    int[] starts = {0, 13, 14, 117, 124};
    compare(arguments(1, 3, 124, 124, 8, 124, 4, 103).withStarts(starts));
  }

  @Test
  void doesNotDoWhatItCannot() {
    var a = arguments(2, 3, 4, 5, 6, 5);
    assertThat(BlasAttention.canDo(a, null)).isTrue();
    assertThat(BlasAttention.canDo(a, region.matrix(24, 5))).isFalse();
    assertThat(BlasAttention.canDo(a.withHeadMask(new float[3]), null)).isFalse();
    var out = region.matrix(8, 18);
    var scores = a.withPositionScores(region.matrix(24, 5));
    assertThatThrownBy(() -> blas.dense(scores, null, out))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blas.dense(a, null, region.matrix(8, 17)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void compare(Arguments a) {
    var expected = region.matrix(a.q().rows(), a.q().columns());
    scalar.dense(a, null, expected);
    for (var layout : Layout.values()) {
      var out = Sample.empty(region, expected.rows(), expected.columns(), layout);
      blas.dense(a, null, out.matrix());
      new Comparison(3e-6).check(out.matrix(), expected);
      out.assertNothingElseWritten();
    }
  }

  private Matrix mask(int rows, int keys) {
    var random = new SplittableRandom(7);
    var mask = Sample.empty(region, rows, keys, Layout.STRIDED).matrix();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < keys; j++) {
        mask.set(i, j, random.nextInt(3) == 0 ? -Float.MAX_VALUE : 0);
      }
    }
    return mask;
  }

  private Arguments arguments(
      int batch, int heads, int queries, int keys, int headSize, int keyRows) {
    return arguments(batch, heads, queries, keys, headSize, keyRows, batch, queries);
  }

  /** The same for other numbers of sequences and queries than the rows have. */
  private Arguments arguments(
      int batch,
      int heads,
      int queries,
      int keys,
      int headSize,
      int keyRows,
      int sequences,
      int longest) {
    int width = heads * headSize;
    var q = Sample.normal(region, 1, batch * queries, width, Layout.STRIDED).matrix();
    var kv = Sample.normal(region, 2, batch * keyRows, 2 * width, Layout.SHIFTED).matrix();
    return Arguments.of(
        sequences,
        heads,
        longest,
        sequences == batch ? keys : longest,
        headSize,
        q,
        kv.columns(0, width),
        kv.columns(width, width),
        (float) (1 / Math.sqrt(headSize)));
  }
}
