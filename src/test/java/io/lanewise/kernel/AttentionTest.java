package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.kernel.scalar.ScalarAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks both implementations of attention, with the scalar one as the oracle. */
@Tag("every-vector-width")
class AttentionTest {
  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final Attention scalar = new ScalarAttention(two);
  private final Attention vector = new VectorAttention(two);
  private final AttentionExample example = new AttentionExample(region, scalar);

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  /** An option of attention. */
  private enum Option {
    PLAIN,
    MASK,
    MASK_OF_EACH_QUERY,
    POSITION_SCORES,
    HEAD_MASK,
    ALL;

    Arguments on(Arguments a, AttentionExample example) {
      return switch (this) {
        case PLAIN -> a;
        case MASK -> a.withMask(example.mask(a.batch(), a.keys()));
        case MASK_OF_EACH_QUERY -> a.withMask(example.mask(a.batch() * a.queries(), a.keys()));
        case POSITION_SCORES -> a.withPositionScores(example.positionScores(a));
        case HEAD_MASK -> {
          var headMask = new float[a.heads()];
          for (int i = 0; i < headMask.length; i++) {
            headMask[i] = i * 0.7f;
          }
          yield a.withHeadMask(headMask);
        }
        case ALL ->
            HEAD_MASK.on(POSITION_SCORES.on(MASK_OF_EACH_QUERY.on(a, example), example), example);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheScalarTwinWithEveryOption(Option option) {
    compare(option.on(arguments(3, 4, 13, 31, 16, 31), example));
    compare(option.on(arguments(2, 3, 8, 16, 64, 16), example));
    compare(option.on(arguments(1, 2, 1, 103, 9, 110), example));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "1, 3, 1, 6",
    "3, 2, 3, 1",
    "7, 2, 7, 9",
    "8, 2, 8, 48",
    "13, 2, 13, 80",
    "16, 2, 16, 64",
    "31, 2, 31, 13",
    "64, 2, 64, 7",
    "103, 1, 103, 31",
    "2, 2, 207, 64",
    "3, 2, 257, 16",
    "5, 1, 768, 64",
    "1, 1, 1000, 103",
    "1, 12, 256, 64",
    "1, 3, 103, 80",
    "1, 2, 2, 16",
    "2, 2, 7, 32",
    "4, 3, 31, 48",
    "4, 2, 13, 144",
    "4, 2, 4, 64",
    "5, 2, 257, 64",
    "207, 1, 3, 64",
    "257, 1, 7, 8"
  })
  void agreesWithTheScalarTwinAtUglySizes(int queries, int heads, int keys, int headSize) {
    compare(Option.MASK.on(arguments(2, heads, queries, keys, headSize, keys), example));
    compare(arguments(1, heads, queries, keys, headSize, keys + 5));
  }

  @ParameterizedTest
  @CsvSource({"16, 1", "31, 3", "64, 4"})
  void sequencesWithoutPaddingHaveTheBitsOfMaskedOnes(int headSize, int threads) {
    int[] lengths = {13, 1, 103, 7, 207, 64, 8, 31};
    int longest = 207;
    var padded = arguments(lengths.length, 3, longest, longest, headSize, longest);
    var mask = region.matrix(lengths.length, longest);
    var starts = new int[lengths.length + 1];
    for (int b = 0; b < lengths.length; b++) {
      starts[b + 1] = starts[b] + lengths[b];
      for (int key = lengths[b]; key < longest; key++) {
        mask.set(b, key, -Float.MAX_VALUE);
      }
    }
    UnaryOperator<Matrix> packed =
        all -> {
          var rows = region.matrix(starts[lengths.length], all.columns());
          for (int b = 0; b < lengths.length; b++) {
            rows.rows(starts[b], lengths[b]).copyFrom(all.rows(b * longest, lengths[b]));
          }
          return rows;
        };
    var a =
        Arguments.of(
                lengths.length,
                3,
                longest,
                longest,
                headSize,
                packed.apply(padded.q()),
                packed.apply(padded.k().blocks().getFirst()),
                packed.apply(padded.v().blocks().getFirst()),
                padded.scale())
            .withStarts(starts);
    var expected = region.matrix(padded.q().rows(), padded.q().columns());
    var oracle = region.matrix(a.q().rows(), a.q().columns());
    scalar.dense(a, null, oracle);
    try (var workers = new Workers(threads)) {
      var kernel = new VectorAttention(workers);
      kernel.dense(padded.withMask(mask), null, expected);
      for (var layout : Layout.values()) {
        var out = Sample.empty(region, oracle.rows(), oracle.columns(), layout);
        kernel.dense(a, null, out.matrix());
        Sample.assertSameBits(out.matrix(), packed.apply(expected));
        new Comparison(3e-6).check(out.matrix(), oracle);
        out.assertNothingElseWritten();
      }
    }
  }

  @Test
  void refusesSequencesThatDoNotFit() {
    var a = arguments(2, 3, 4, 4, 5, 4);
    var out = region.matrix(8, 15);
    for (var attention : new Attention[] {scalar, vector}) {
      attention.dense(a.withStarts(new int[] {0, 4, 8}), null, out);
      refused(() -> attention.dense(a.withStarts(new int[] {0, 8}), null, out));
      refused(() -> attention.dense(a.withStarts(new int[] {0, 5, 8}), null, out));
      refused(() -> attention.dense(a.withStarts(new int[] {0, 8, 8}), null, out));
      refused(() -> attention.dense(a.withStarts(new int[] {0, 4, 7}), null, out));
      var starts = new int[] {0, 4, 8};
      refused(() -> attention.dense(a.withStarts(starts), region.matrix(24, 4), out));
      refused(() -> attention.dense(a.withStarts(starts).withMask(region.matrix(2, 4)), null, out));
    }
  }

  private void compare(Arguments a) {
    example.assertResults(vector, a, 3e-6);
    example.assertProbabilities(vector, a, 1e-6);
  }

  @ParameterizedTest
  @EnumSource
  void theBitsDependNeitherOnThreadsNorOnTheBatch(Option option) {
    example.assertBitsStay(
        VectorAttention::new, option.on(arguments(5, 3, 103, 64, 31, 64), example));
    example.assertBitsStay(
        VectorAttention::new,
        option.on(arguments(5, 3, 4, 64, 32, 64), example)); // as a decoder's step
  }

  /** The results are the same if the keys lie in the blocks of a cache and sequences share some. */
  @ParameterizedTest
  @CsvSource({"7, 13", "1, 16", "4, 64"})
  void rowsMayLieAnywhere(int queries, int headSize) {
    int keys = 29;
    var a = arguments(3, 2, queries, keys, headSize, keys);
    var k = a.k().blocks().getFirst();
    var v = a.v().blocks().getFirst();
    k.rows(2 * keys, 5).copyFrom(k.rows(0, 5)); // the third sequence begins as the first
    v.rows(2 * keys, 5).copyFrom(v.rows(0, 5));
    var places = new int[3 * keys];
    for (int i = 0; i < places.length; i++) {
      int own = i >= 2 * keys && i < 2 * keys + 5 ? i - 2 * keys : i;
      places[i] = 96 - 1 - own; // in the opposite order
    }
    var together = Arguments.of(3, 2, queries, keys, headSize, a.q(), k, v, a.scale());
    var moved =
        Arguments.of(
            3, 2, queries, keys, headSize, a.q(), blocks(k, places), blocks(v, places), a.scale());
    for (var attention : List.of(scalar, vector)) {
      var expected = region.matrix(a.q().rows(), a.q().columns());
      var actual = region.matrix(a.q().rows(), a.q().columns());
      attention.dense(together, null, expected);
      attention.dense(moved, null, actual);
      Sample.assertSameBits(actual, expected);
    }
  }

  private KeyRows blocks(Matrix rows, int[] places) {
    var blocks = new ArrayList<Matrix>();
    for (int i = 0; i < 3; i++) {
      blocks.add(region.matrix(32, rows.columns()));
    }
    for (int i = 0; i < places.length; i++) {
      blocks.get(places[i] / 32).rows(places[i] % 32, 1).copyFrom(rows.rows(i, 1));
    }
    return new KeyRows(blocks, places);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7})
  void aFullyMaskedRowIsUniformOverAllKeys(int queries) {
    var a = arguments(2, 2, queries, 31, 16, 31);
    var mask = region.matrix(2, 31);
    for (int j = 0; j < 31; j++) {
      mask.set(1, j, -Float.MAX_VALUE);
    }
    var out = region.matrix(2 * queries, 32);
    var probabilities = region.matrix(4 * queries, 31);
    vector.dense(a.withMask(mask), probabilities, out);
    for (int row = 2 * queries; row < 4 * queries; row++) {
      for (int j = 0; j < 31; j++) {
        assertThat(probabilities.get(row, j)).isEqualTo(1 / 31f);
      }
    }
  }

  /** Few queries are computed two at a time, the last of three alone. */
  @ParameterizedTest
  @CsvSource({"64,37", "64,256", "16,5", "32,7", "48,33"})
  void theBitsOfFewQueriesDoNotDependOnTheOthers(int headSize, int keys) {
    var four = arguments(1, 3, 4, keys, headSize, keys);
    var whole = region.matrix(4, 3 * headSize);
    vector.dense(four, null, whole);
    for (int count = 2; count <= 3; count++) {
      for (int from = 0; from + count <= 4; from++) {
        var q = four.q().rows(from, count);
        var part = region.matrix(count, 3 * headSize);
        vector.dense(
            Arguments.of(1, 3, count, keys, headSize, q, four.k(), four.v(), four.scale()),
            null,
            part);
        Sample.assertSameBits(part, whole.rows(from, count));
      }
    }
  }

  @Test
  void maskedKeysHaveNoWeightAtAll() {
    var a = Option.MASK.on(arguments(2, 2, 7, 31, 16, 31), example);
    var probabilities = region.matrix(28, 31);
    vector.dense(a, probabilities, region.matrix(14, 32));
    for (int row = 0; row < 28; row++) {
      for (int j = 0; j < 31; j++) {
        assertThat(probabilities.get(row, j) == 0).isEqualTo(a.mask().get(row / 14, j) != 0);
      }
    }
  }

  @Test
  void notANumberStaysInItsQueryOrItsSequence() {
    var a = arguments(3, 2, 7, 13, 16, 13);
    a.q().set(4, 20, Float.NaN); // sequence 0, query 4, head 1
    a.k().blocks().getFirst().set(13 + 12, 3, Float.NaN); // sequence 1, head 0
    var out = region.matrix(21, 32);
    for (var attention : new Attention[] {scalar, vector}) {
      attention.dense(a, null, out);
      for (int row = 0; row < 21; row++) {
        boolean second = row / 7 == 1;
        assertThat(Float.isNaN(out.get(row, 0))).isEqualTo(second);
        assertThat(Float.isNaN(out.get(row, 31))).isEqualTo(row == 4);
      }
    }
  }

  @Test
  void scoresOfAnySizeAreHeld() {
    for (float size : new float[] {1e3f, 1e10f}) {
      var a = arguments(1, 2, 7, 31, 16, 31);
      for (int j = 0; j < 32; j++) {
        a.q().set(3, j, a.q().get(3, j) * size);
      }
      compare(a);
    }
  }

  @Test
  void noQueriesAreNoWork() {
    vector.dense(arguments(2, 2, 0, 3, 4, 3), null, region.matrix(0, 8));
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    var a = arguments(2, 2, 3, 5, 4, 5);
    var out = region.matrix(6, 8);
    for (var attention : new Attention[] {scalar, vector}) {
      refused(() -> attention.dense(a, null, region.matrix(5, 8)));
      refused(() -> attention.dense(a, region.matrix(12, 4), out));
      refused(() -> attention.dense(a.withMask(region.matrix(3, 5)), null, out));
      refused(() -> attention.dense(a.withMask(region.matrix(2, 4)), null, out));
      refused(() -> attention.dense(a.withPositionScores(region.matrix(6, 5)), null, out));
      refused(() -> attention.dense(a.withHeadMask(new float[3]), null, out));
    }
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }

  private Arguments arguments(
      int batch, int heads, int queries, int keys, int headSize, int keyRows) {
    return example.arguments(batch, heads, queries, keys, headSize, keyRows);
  }
}
