package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Layer normalisation (Ba et al. 2016) of each row.
 *
 * @param gain {@code weight}, [columns]
 * @param bias [columns]
 * @param epsilon added to the variance
 */
public record LayerNorm(MemorySegment gain, MemorySegment bias, float epsilon) {
  /** Loads {@code weight} and {@code bias}. */
  public static LayerNorm load(int columns, float epsilon, Weights at) {
    return new LayerNorm(
        at.vector("weight", columns, Weights.Init.ONES),
        at.vector("bias", columns, Weights.Init.ZEROS),
        epsilon);
  }

  /** {@code y = norm(x)}; y may be x. */
  public void apply(Pass pass, Matrix x, Matrix y) {
    pass.backend().rowwise().layerNorm(x, gain, bias, epsilon, y);
  }

  /** {@code y = norm(x + residual)}; y may be either of them. */
  public void apply(Pass pass, Matrix x, Matrix residual, Matrix y) {
    pass.backend().rowwise().addLayerNorm(x, residual, gain, bias, epsilon, y);
  }
}
