package io.lanewise.nn;

import io.lanewise.kernel.Gemm;
import io.lanewise.memory.Region;

/**
 * Packs the weights of layers at load time: converts them to the layout of a kernel.
 *
 * @param gemm packs the matrices; the layers run only on this implementation
 * @param region memory of the packed weights, as long as the model lives
 */
public record Packing(Gemm gemm, Region region) {
  /** For layers that mostly have one or a few tokens at a time: those of a decoder's steps. */
  public Packing forFewRows() {
    return new Packing(gemm.forFewRows(), region);
  }

  /**
   * Temporary memory for packing, such as for widened weights. Kernels pack with several threads,
   * so it is not confined to a thread.
   */
  public static Region scratch() {
    return Region.open();
  }
}
