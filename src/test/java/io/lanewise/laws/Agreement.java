package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Backend;

/** How closely a row alone and the same row in a batch agree. */
final class Agreement {
  private static final float CLOSE = 2e-5f;

  private Agreement() {}

  /** To the bit, but for OpenBLAS, whose last bits may depend on the other rows. */
  static void assertSame(Backend.Choice backend, String name, float[] inBatch, float[] alone) {
    if (backend == Backend.Choice.OPENBLAS) {
      assertThat(inBatch).as(name).usingComparatorWithPrecision(CLOSE).containsExactly(alone);
    } else {
      assertThat(inBatch).as(name).isEqualTo(alone);
    }
  }
}
