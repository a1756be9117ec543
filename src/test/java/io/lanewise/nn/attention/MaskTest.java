package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Backend;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Pass;
import org.junit.jupiter.api.Test;

class MaskTest {
  private static final float LOW = -Float.MAX_VALUE;

  @Test
  void aTokenSeesItselfAndWhatWentBefore() {
    assertThat(causal(null, 1, 3, 3, 0))
        .containsExactly(
            0, LOW, LOW, //
            0, 0, LOW, //
            0, 0, 0);
  }

  @Test
  void laterTokensSeeThePast() {
    assertThat(causal(null, 1, 2, 4, 2)).containsExactly(0, 0, 0, LOW, 0, 0, 0, 0);
  }

  @Test
  void slotsNotYetFilledAreHidden() {
    assertThat(causal(null, 1, 1, 4, 1)).containsExactly(0, 0, LOW, LOW);
  }

  @Test
  void paddingAndFutureTogetherAreHiddenOnce() {
    assertThat(causal(new float[] {0, 1, 1, 1, 1, 0}, 2, 3, 3, 0))
        .containsExactly(
            LOW, LOW, LOW, //
            LOW, 0, LOW, //
            LOW, 0, 0, //
            0, LOW, LOW, //
            0, 0, LOW, //
            0, 0, LOW);
  }

  @Test
  void oneTokenAtATimeNeedsNoMask() {
    var slab = new Slab();
    try (slab;
        var backend = Backend.of(Backend.Choice.SCALAR, 1)) {
      var pass = new Pass(backend, slab);
      assertThat(Mask.causal(pass, null, 2, 1, 6, 5)).isSameAs(Mask.NONE);
      assertThat(Mask.causal(pass, new float[] {1, 1}, 1, 1, 2, 1)).isSameAs(Mask.NONE);
    }
  }

  private static float[] causal(float[] seen, int batch, int queries, int keys, int past) {
    try (var slab = new Slab();
        var backend = Backend.of(Backend.Choice.SCALAR, 1)) {
      var pass = new Pass(backend, slab);
      try (var _ = pass.frame()) {
        return Mask.causal(pass, seen, batch, queries, keys, past).scores().toArray();
      }
    }
  }
}
