package io.lanewise.kernel.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.kernel.WindowedExample;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarWindowedAttentionTest {
  private static final Role L = Role.LOCAL;
  private static final Role G = Role.GLOBAL;
  private static final Role H = Role.HIDDEN;

  private final Workers workers = new Workers(2);
  private final Region region = Region.open();

  @AfterEach
  void free() {
    workers.close();
    region.close();
  }

  /**
   * With queries of zero the probabilities of a row are uniform over its visible keys; the values
   * are the positions.
   */
  private Matrix[] evenly(int window, int batch, int tokens, Role... roles) {
    var zeros = region.matrix(batch * tokens, 1);
    var positions = region.matrix(batch * tokens, 1);
    for (int i = 0; i < batch * tokens; i++) {
      positions.set(i, 0, i % tokens);
    }
    var arguments =
        new WindowedAttention.Arguments(
            TokenRoles.of(batch, tokens, roles), 1, 1, window, zeros, zeros, positions, 1, null);
    var probabilities = region.matrix(batch * tokens, arguments.columns());
    var out = region.matrix(batch * tokens, 1);
    new ScalarWindowedAttention(workers).windowed(arguments, probabilities, out);
    return new Matrix[] {probabilities, out};
  }

  @Test
  void globalKeysComeFirstThenTheNeighbours() {
    var results = evenly(4, 1, 5, L, G, L, L, H);
    float third = 1f / 3;
    float quarter = 1f / 4;
    assertThat(results[0].toArray())
        .containsExactly(
            third, 0, 0, third, 0, third, //
            0, 0, 0, 0, 0, 0, //
            quarter, quarter, 0, quarter, quarter, 0, //
            third, 0, third, third, 0, 0, //
            0, 0, 0, 0, 0, 0);
    assertThat(results[1].toArray()).containsExactly(1, 0, 1.5f, 2, 0);
  }

  @Test
  void aSequenceWithFewerGlobalTokensLeavesColumnsEmpty() {
    var results = evenly(2, 2, 3, G, G, L, L, L, L);
    float third = 1f / 3;
    float half = 1f / 2;
    assertThat(results[0].toArray())
        .containsExactly(
            0, 0, 0, 0, 0, //
            0, 0, 0, 0, 0, //
            third, third, 0, third, 0, //
            0, 0, 0, half, half, //
            0, 0, third, third, third, //
            0, 0, half, half, 0);
    assertThat(results[1].toArray()).containsExactly(0, 0, 1, 0.5f, 1, 1.5f);
  }

  @Test
  void aGlobalTokenOutsideTheWindowIsSeen() {
    var results = evenly(2, 1, 6, L, L, L, L, L, G);
    assertThat(results[1].get(0, 0)).isEqualTo(2); // of 0, 1 and 5
    assertThat(results[0].rows(0, 1).toArray()).containsExactly(1f / 3, 0, 1f / 3, 1f / 3);
  }

  /** Dense attention with a mask that hides all keys outside the window gives the same result. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void equalsDenseAttentionBehindABandOfAMask(long seed) {
    var random = new Random(seed);
    var roles = WindowedExample.roles(random, 1 + random.nextInt(3), 1 + random.nextInt(30));
    int window = 2 * random.nextInt(20);
    try (var example = WindowedExample.random(random, roles, 2, 5, window, 3)) {
      var a = example.arguments();
      new ScalarWindowedAttention(workers).windowed(a, example.probabilities(), example.out());
      int tokens = roles.tokens();
      var mask = region.matrix(roles.batch() * tokens, tokens);
      for (int i = 0; i < mask.rows(); i++) {
        for (int key = 0; key < tokens; key++) {
          var role = roles.role(i / tokens, key);
          boolean near = Math.abs(i % tokens - key) <= a.reach() && role == L;
          mask.set(i, key, near || role == G ? 0 : Float.NEGATIVE_INFINITY);
        }
      }
      var arguments =
          Attention.Arguments.of(
                  roles.batch(), 2, tokens, tokens, 5, a.q(), a.k(), a.v(), a.scale())
              .withMask(mask)
              .withHeadMask(a.headMask());
      var dense = region.matrix(roles.batch() * 2 * tokens, tokens);
      var out = region.matrix(roles.batch() * tokens, 10);
      new ScalarAttention(workers).dense(arguments, dense, out);
      for (int i = 0; i < out.rows(); i++) {
        var role = roles.role(i / tokens, i % tokens);
        var expected = role == L ? out.rows(i, 1).toArray() : new float[10];
        assertThat(example.out().rows(i, 1).toArray())
            .as("%s, token %d", example, i)
            .containsExactly(expected);
      }
      for (int i = 0; i < dense.rows(); i++) {
        var row = example.probabilities().rows(i, 1).toArray();
        var expected = banded(a, dense.rows(i, 1).toArray(), i / tokens / 2, i % tokens);
        assertThat(WindowedExample.difference(row, expected)).as("%s, row %d", example, i).isZero();
      }
    }
  }

  /** A row of dense probabilities in the columns of windowed attention. */
  private static float[] banded(WindowedAttention.Arguments a, float[] dense, int b, int t) {
    var row = new float[a.columns()];
    if (a.roles().role(b, t) != L) {
      return row;
    }
    var globals = a.roles().globals()[b];
    for (int i = 0; i < globals.length; i++) {
      row[i] = dense[globals[i]];
    }
    for (int key = Math.max(0, t - a.reach()); key < dense.length && key <= t + a.reach(); key++) {
      if (a.roles().role(b, key) == L) {
        row[a.roles().mostGlobals() + key - t + a.reach()] = dense[key];
      }
    }
    return row;
  }

  @Test
  void anOddWindowIsRefused() {
    var one = region.matrix(1, 1);
    var roles = TokenRoles.allLocal(1, 1);
    assertThatThrownBy(
            () -> new WindowedAttention.Arguments(roles, 1, 1, 3, one, one, one, 1, null))
        .hasMessageContaining("window 3");
  }
}
