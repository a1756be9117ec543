package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Normalisation of each row by the root of its mean square (Zhang and Sennrich 2019), without bias.
 *
 * @param gain {@code weight}, [columns]
 * @param epsilon added to the mean square
 */
public record RmsNorm(MemorySegment gain, float epsilon) implements Norm {
  /** Loads {@code weight}. */
  public static RmsNorm load(int columns, float epsilon, Weights at) {
    return new RmsNorm(at.vector("weight", columns, Weights.Init.ONES), epsilon);
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    pass.backend().rowwise().rmsNorm(x, gain, epsilon, y);
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix residual, Matrix y) {
    try (var _ = pass.frame()) {
      var sum = pass.matrix(x.rows(), x.columns());
      sum.copyFrom(x);
      pass.backend().rowwise().add(residual, sum);
      apply(pass, sum, y);
    }
  }
}
