package io.lanewise.checkpoint.weights;

import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The changes of tensors between a checkpoint and a model: rounding, resizing, selected rows or
 * columns. Immutable; starts from {@link #NONE}.
 */
public final class WeightChange {
  /** No change. */
  public static final WeightChange NONE = new WeightChange(null, 0, 0, -1, new int[0], 0);

  private final DType dtype;
  private final int rowsBefore;
  private final int rowsAfter;
  private final int dimension;
  private final int[] picked;
  private final int of;

  private WeightChange(
      DType dtype, int rowsBefore, int rowsAfter, int dimension, int[] picked, int of) {
    this.dtype = dtype;
    this.rowsBefore = rowsBefore;
    this.rowsAfter = rowsAfter;
    this.dimension = dimension;
    this.picked = picked;
    this.of = of;
  }

  /**
   * Rounds numbers to this type, to nearest, ties to even; the model computes with the rounded
   * numbers in 32 bits.
   *
   * @param newType F32, F16 or BF16; null for no rounding
   */
  public WeightChange rounding(@Nullable DType newType) {
    if (newType != null && (!newType.isFloat() || newType == DType.F64)) {
      throw new IllegalArgumentException(newType + ": weights can be F32, F16 or BF16");
    }
    return new WeightChange(newType, rowsBefore, rowsAfter, dimension, picked, of);
  }

  /**
   * Resizes tables from {@code before} to {@code after} rows: cuts rows off or adds new ones; also
   * biases with an element for each row.
   */
  public WeightChange resizing(int before, int after) {
    return new WeightChange(dtype, before, after, dimension, picked, of);
  }

  /** Selects these rows of the {@code count} rows of a matrix or bias. */
  public WeightChange pickingRows(int[] rows, int count) {
    return new WeightChange(dtype, rowsBefore, rowsAfter, 0, rows.clone(), count);
  }

  /** Selects these columns of the {@code count} columns of a matrix; biases are unchanged. */
  public WeightChange pickingColumns(int[] columns, int count) {
    return new WeightChange(dtype, rowsBefore, rowsAfter, 1, columns.clone(), count);
  }

  /** The shape in the file of a tensor that has this shape in the model. */
  Shape before(Shape shape) {
    if (!picks(shape)) {
      return shape;
    }
    var dims = shape.dims();
    dims[dimension] = of;
    return Shape.of(dims);
  }

  private boolean picks(Shape shape) {
    return dimension >= 0 && dimension < shape.rank();
  }

  /** Whether a tensor of this shape has to be resized. */
  boolean resizes(Shape stored, Shape wanted) {
    if (rowsBefore == rowsAfter || stored.rank() != wanted.rank()) {
      return false;
    }
    var dims = stored.dims();
    int at = dims.length == 2 && dims[0] == 1 && wanted.dim(0) == 1 ? 1 : 0;
    if (dims[at] != rowsBefore) {
      return false;
    }
    dims[at] = rowsAfter;
    return wanted.is(dims);
  }

  /** Applies the changes to a tensor of the file. */
  StoredTensor apply(StoredTensor whole) {
    var tensor = picks(whole.shape()) ? DerivedTensors.picked(whole, dimension, picked) : whole;
    return dtype == null ? tensor : DerivedTensors.rounded(tensor, dtype);
  }
}
