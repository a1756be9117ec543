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
   * Normalisation by the root of the mean square (Zhang and Sennrich 2019): {@code y = x /
   * √(mean(x²) + epsilon) · gain}.
   *
   * @param gain [columns]
   * @param y same size as x; may be x
   */
  void rmsNorm(Matrix x, MemorySegment gain, float epsilon, Matrix y);

  /**
   * Softmax of each row, in place: {@code exp(x − max) / Σ exp(x − max)}. A NaN in a row makes the
   * row NaN.
   */
  void softmax(Matrix x);

  /**
   * {@code log Σ exp(x)} of some numbers, such as the scores of a vocabulary: what a log-softmax
   * subtracts from each. The sum is in double precision. The calling thread computes it alone.
   *
   * @param values at least one
   * @return with an error below 2e-7, apart from the rounding of the caller; NaN if there is a NaN,
   *     or if the largest number is infinite
   */
  double logOfSum(float[] values);

  /** Applies an activation to each element, in place. */
  void activate(Activation activation, Matrix x);

  /**
   * A gated linear unit (Shazeer 2020): {@code y = activation(gate) · y}, element by element.
   *
   * @param gate same size as y; must not overlap it
   */
  void gate(Activation activation, Matrix gate, Matrix y);

  /**
   * Turns the heads of each row by the angles of a position (Su et al. 2021, section 3.2.2), in
   * place.
   *
   * @param x [rows, heads * headSize]
   * @param positions one for each row of x, each in [0, positions of the table)
   * @throws IndexOutOfBoundsException if one is not, and then nothing is written
   */
  void rotate(Matrix x, RotaryTable table, int[] positions);

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
