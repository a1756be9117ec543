package io.lanewise.kernel;

import io.lanewise.kernel.coldstart.ColdStartRowwise;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.kernel.scalar.ScalarRowwise;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Operations on each row, or each element, of a matrix. The result of a row depends only on that
 * row.
 */
public sealed interface Rowwise
    permits ScalarRowwise, VectorRowwise, LoopRowwise, ColdStartRowwise {
  /**
   * Layer normalisation (Ba et al. 2016): {@code y = (x − mean) / √(variance + epsilon) · gain +
   * bias}, with the biased variance.
   *
   * @param gain [columns]
   * @param bias [columns]
   * @param y same size as x; may be x
   */
  void layerNorm(Matrix x, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y);

  /** Layer normalisation of the sum {@code x + residual}, in one pass; y may be x or residual. */
  void addLayerNorm(
      Matrix x, Matrix residual, MemorySegment gain, MemorySegment bias, float epsilon, Matrix y);

  /**
   * Softmax of each row, in place: {@code exp(x − max) / Σ exp(x − max)}. A NaN in a row makes the
   * row NaN.
   */
  void softmax(Matrix x);

  /** Applies an activation to each element, in place. */
  void activate(Activation activation, Matrix x);

  /** Adds x to y, element by element; y is written. */
  void add(Matrix x, Matrix y);

  /**
   * Table look-up: row i of y becomes row {@code ids[i]} of the table.
   *
   * @param ids one for each row of y, each in [0, rows of the table)
   * @throws IndexOutOfBoundsException if an id is outside of the table; nothing is written then
   */
  void gather(Matrix table, int[] ids, Matrix y);

  /** Table look-up and sum: row {@code ids[i]} of the table is added to row i of y. */
  void addGathered(Matrix table, int[] ids, Matrix y);
}
