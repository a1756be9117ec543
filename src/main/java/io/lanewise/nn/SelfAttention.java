package io.lanewise.nn;

import io.lanewise.tensor.Matrix;
import org.jspecify.annotations.Nullable;

/** Attention of a sequence to itself, with all its projections. */
public sealed interface SelfAttention permits DenseAttention, WindowedSelfAttention {
  /**
   * Applies the attention; its probabilities go to the pass's trace if that keeps them.
   *
   * @param x [batch * tokens, hidden]
   * @param headMask [heads], multiplies the probabilities; null for none
   * @param y [batch * tokens, hidden], written; must not overlap x
   */
  void apply(Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y);
}
