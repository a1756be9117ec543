package io.lanewise.kernel.openblas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.AttentionExample;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.scalar.ScalarAttention;
import io.lanewise.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the attention of the first calls, with the scalar one as the oracle. */
class BlasAttentionTest {
  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final AttentionExample example = new AttentionExample(region, new ScalarAttention(two));
  private Attention blas;

  @BeforeEach
  void load() {
    Here.needsOpenBlas();
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
    var a = example.arguments(2, heads, queries, keys, headSize, keys + 5);
    compare(a);
    compare(a.withMask(example.mask(2, keys)));
    compare(a.withMask(example.mask(2 * queries, keys)));
  }

  @Test
  void agreesWithTheScalarTwinOnSequencesWithoutPadding() {
    compare(example.packed(3, 8, 0, 13, 14, 117, 124));
  }

  @Test
  void doesNotDoWhatItCannot() {
    var a = example.arguments(2, 3, 4, 5, 6, 5);
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
    example.assertResults(blas, a, 3e-6);
  }
}
