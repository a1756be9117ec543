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
public record LayerNorm(MemorySegment gain, MemorySegment bias, float epsilon) implements Norm {
  /** Loads {@code weight} and {@code bias}. */
  public static LayerNorm load(int columns, float epsilon, Weights at) {
    return new LayerNorm(
        at.vector("weight", columns, Weights.Init.ONES),
        at.vector("bias", columns, Weights.Init.ZEROS),
        epsilon);
  }

  /** Loads {@code weight} where there is no {@code bias}. */
  public static LayerNorm withoutBias(Packing packing, int columns, float epsilon, Weights at) {
    return new LayerNorm(
        at.vector("weight", columns, Weights.Init.ONES), packing.region().floats(columns), epsilon);
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    pass.backend().rowwise().layerNorm(x, gain, bias, epsilon, y);
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix residual, Matrix y) {
    pass.backend().rowwise().addLayerNorm(x, residual, gain, bias, epsilon, y);
  }
}
