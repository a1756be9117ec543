package io.lanewise.kernel;

import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Several matrices of the same width, stacked as one matrix: for example the weights of queries,
 * keys and values as those of one layer.
 *
 * @param size rows of all matrices
 * @param columns of each matrix
 */
public record StackedRows(List<Matrix> matrices, int size, int columns) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * The rows of these matrices, in their order.
   *
   * @throws IllegalArgumentException if there are none, or their widths differ
   */
  public static StackedRows of(List<Matrix> matrices) {
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException("no weights");
    }
    int columns = matrices.getFirst().columns();
    int size = 0;
    for (var matrix : matrices) {
      if (matrix.columns() != columns) {
        throw new IllegalArgumentException(
            "weights of " + columns + " and of " + matrix.columns() + " inputs in one layer");
      }
      size = Math.addExact(size, matrix.rows());
    }
    return new StackedRows(List.copyOf(matrices), size, columns);
  }

  /** Copies {@code count} elements of a row, from column {@code from} on, to an array. */
  public void copy(int row, int from, int count, float[] values, int at) {
    int left = row;
    for (var matrix : matrices) {
      if (left < matrix.rows()) {
        long offset = matrix.offset(left) + (long) from * Float.BYTES;
        MemorySegment.copy(matrix.data(), FLOAT, offset, values, at, count);
        return;
      }
      left -= matrix.rows();
    }
    throw new IndexOutOfBoundsException("row " + row + " of " + size);
  }

  /**
   * Copies the biases one after the other to the start of {@code out}.
   *
   * @param biases one for each matrix, with one float per row; or an empty list
   */
  public void copyBiases(List<MemorySegment> biases, MemorySegment out) {
    if (biases.isEmpty()) {
      return;
    }
    if (biases.size() != matrices.size()) {
      throw new IllegalArgumentException(
          biases.size() + " biases for " + matrices.size() + " weights");
    }
    long at = 0;
    for (int i = 0; i < biases.size(); i++) {
      long bytes = (long) matrices.get(i).rows() * Float.BYTES;
      MemorySegment.copy(biases.get(i), 0, out, at, bytes);
      at += bytes;
    }
  }
}
