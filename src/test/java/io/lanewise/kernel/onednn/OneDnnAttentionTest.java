package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.AttentionExample;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Sample;
import io.lanewise.kernel.VectorUnit;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.scalar.ScalarAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.memory.NativeImage;
import io.lanewise.memory.Region;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the attention of models in bf16 with the scalar reference: with products in bf16 if the
 * processor has instructions for them, otherwise in fp32.
 */
@Tag("every-vector-width")
class OneDnnAttentionTest {
  /**
   * The relative error of rounding to bf16 is at most 2⁻⁹; for results of about 1 this allows a few
   * such errors.
   */
  private static final double ROUNDING = 0.02;

  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final AttentionExample example = new AttentionExample(region, new ScalarAttention(two));

  private final List<Backend> backends = new ArrayList<>();
  private final Attention narrow = attention(2);

  private Attention attention(int threads) {
    var backend = Backend.of(Backend.Choice.AUTO, threads, Precision.BFLOAT16);
    backends.add(backend);
    return backend.attention();
  }

  @AfterEach
  void free() {
    backends.forEach(Backend::close);
    two.close();
    region.close();
  }

  @Test
  void isByOneDnnWhereverItCanBe() {
    Here.runs(Backend.Choice.ONEDNN, Precision.BFLOAT16)
        .ifPresent(
            runs ->
                assertThat(narrow)
                    .isInstanceOf(
                        runs && !NativeImage.isHere()
                            ? OneDnnAttention.class
                            : VectorUnit.refusal().isEmpty()
                                ? VectorAttention.class
                                : ScalarAttention.class));
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
    compare(plain.withMask(example.mask(2, keys)));
    compare(plain.withMask(example.mask(2 * queries, keys)));
    var headMask = new float[heads];
    headMask[heads - 1] = 0.7f;
    compare(plain.withPositionScores(example.positionScores(plain)).withHeadMask(headMask));
  }

  private void compare(Arguments a) {
    example.assertResults(narrow, a, ROUNDING);
    example.assertProbabilities(narrow, a, ROUNDING);
  }

  /** 1, 2 and 3 are numbers of bf16, and so are 0 and 1: nothing is rounded. */
  @Test
  void whatNeedsNoRoundingIsExact() {
    int tokens = 67;
    var q = region.matrix(tokens, 64);
    var k = region.matrix(tokens, 64);
    var v = region.matrix(tokens, 64);
    for (int i = 0; i < tokens; i++) {
      // token i attends to token 66 − i: 7 binary digits, each with its complement
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
    narrow.dense(Arguments.of(1, 1, tokens, tokens, 64, q, k, v, 1), null, out);
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < 64; j++) {
        assertThat(out.get(i, j)).isEqualTo(tokens - 1 - i + (float) j * 2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"103, 64", "129, 31", "16, 16"})
  void theBitsDependNeitherOnThreadsNorOnTheBatch(int tokens, int headSize) {
    var a = arguments(5, 3, tokens, tokens, headSize).withMask(example.mask(5, tokens));
    example.assertBitsStay(workers -> attention(workers.threads()), a);
  }

  @Test
  void sequencesWithoutPaddingHaveTheBitsThatTheyHaveAlone() {
    int[] lengths = {40, 1, 103, 16, 15, 64};
    var starts = new int[lengths.length + 1];
    for (int b = 0; b < lengths.length; b++) {
      starts[b + 1] = starts[b] + lengths[b];
    }
    var together = example.packed(2, 64, starts);
    var q = together.q();
    var k = together.k().blocks().getFirst();
    var v = together.v().blocks().getFirst();
    var out = region.matrix(q.rows(), 128);
    narrow.dense(together, null, out);
    for (int b = 0; b < lengths.length; b++) {
      int n = lengths[b];
      var alone = region.matrix(n, 128);
      narrow.dense(
          Arguments.of(
              1,
              2,
              n,
              n,
              64,
              q.rows(starts[b], n),
              k.rows(starts[b], n),
              v.rows(starts[b], n),
              together.scale()),
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
    narrow.dense(a, null, out);
    for (int row = 0; row < 57; row++) {
      assertThat(Float.isNaN(out.get(row, 0))).isEqualTo(row / 19 == 1);
      assertThat(Float.isNaN(out.get(row, 31))).isEqualTo(row == 4);
    }
  }

  private Arguments arguments(int batch, int heads, int queries, int keys, int headSize) {
    return example.arguments(batch, heads, queries, keys, headSize, keys);
  }
}
