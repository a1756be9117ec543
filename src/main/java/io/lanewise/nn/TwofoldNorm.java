package io.lanewise.nn;

import io.lanewise.memory.Matrix;

/**
 * A sum that is normalised, and then once more with the residual added again: {@code y = second(r +
 * first(x + r))}, as in Jina's model of source code.
 */
public record TwofoldNorm(LayerNorm first, LayerNorm second) implements Norm {
  /** Where there is no residual. */
  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    first.apply(pass, x, y);
    second.apply(pass, y, y);
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix residual, Matrix y) {
    try (var _ = pass.frame()) {
      var once = pass.matrix(x.rows(), x.columns());
      first.apply(pass, x, residual, once);
      second.apply(pass, once, residual, y);
    }
  }
}
