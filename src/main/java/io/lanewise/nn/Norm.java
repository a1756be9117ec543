package io.lanewise.nn;

import io.lanewise.memory.Matrix;

/** What keeps the states of one token in one size: a normalisation of each row. */
public sealed interface Norm permits LayerNorm, RmsNorm {
  /** {@code y = norm(x)}; y may be x. */
  void apply(Pass pass, Matrix x, Matrix y);

  /** {@code y = norm(x + residual)}; y may be either of them. */
  void apply(Pass pass, Matrix x, Matrix residual, Matrix y);
}
