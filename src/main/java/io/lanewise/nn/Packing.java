package io.lanewise.nn;

import io.lanewise.kernel.Gemm;
import io.lanewise.memory.Region;

/**
 * What turns weights into layers at load time.
 *
 * @param gemm packs the matrices; the layers run on this implementation only
 * @param region keeps what was packed, as long as the model lives
 */
public record Packing(Gemm gemm, Region region) {
  /** For layers that mostly see a token or a few at a time: those of a decoder's steps. */
  public Packing forFewRows() {
    return new Packing(gemm.forFewRows(), region);
  }

  /**
   * Memory for what is packed and then forgotten, such as widened weights. Kernels pack with
   * several threads, so it is no thread's own.
   */
  public static Region scratch() {
    return Region.open();
  }
}
