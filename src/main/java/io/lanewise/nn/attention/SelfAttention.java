package io.lanewise.nn.attention;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import org.jspecify.annotations.Nullable;

/** Attention of a sequence to itself, with all its projections. */
public sealed interface SelfAttention
    permits DenseAttention, LocalAttention, WindowedSelfAttention {
  /**
   * Applies the attention; its probabilities go to the pass's trace if that keeps them.
   *
   * @param x [batch * tokens, hidden]
   * @param headMask [heads], multiplies the probabilities; null for none
   * @param y [batch * tokens, hidden], written; must not overlap x
   */
  void apply(Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y);

  /**
   * The same for the tokens that are read, with the same bits. Nothing is dropped and nothing kept
   * in the trace.
   *
   * @param x [batch * tokens, hidden]
   * @param read which of them ask
   * @param asking their rows of x, [read, hidden]
   * @param y [read, hidden], written; must not overlap x
   */
  void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float @Nullable [] headMask,
      ReadTokens read,
      Matrix asking,
      Matrix y);
}
