package io.lanewise.nn.attention;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import org.jspecify.annotations.Nullable;

/** Multi-head attention of a sequence to itself, with all its projections. */
public sealed interface SelfAttention
    permits DenseAttention, LocalAttention, WindowedSelfAttention {
  /**
   * Applies the attention; the trace of the pass gets the probabilities if it keeps them.
   *
   * @param x [batch * tokens, hidden]
   * @param headMask [heads], multiplies the probabilities; null for none
   * @param y [batch * tokens, hidden], written; must not overlap x
   */
  void apply(Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y);

  /**
   * The same for some tokens, with the same bits. There must be no dropout, and the trace keeps
   * nothing.
   *
   * @param x [batch * tokens, hidden]
   * @param read the tokens that are queries
   * @param queryRows their rows of x, [read, hidden]
   * @param y [read, hidden], written; must not overlap x
   */
  void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float @Nullable [] headMask,
      ReadTokens read,
      Matrix queryRows,
      Matrix y);
}
