package io.lanewise.memory;

import io.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of 32-bit floats in memory as rows and columns: element (i, j) lies at float {@code i *
 * stride + j} of {@code data}.
 *
 * <p>Activations are matrices with one token per row. A view of some columns (the queries inside a
 * fused query-key-value result) keeps the stride of the whole.
 *
 * @param data starts at element (0, 0); need not be aligned
 * @param stride floats from one row to the next, at least {@code columns}
 */
public record Matrix(MemorySegment data, int rows, int columns, int stride) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  public Matrix {
    if (rows < 0 || columns < 0 || stride < columns) {
      throw new IllegalArgumentException(
          "rows " + rows + ", columns " + columns + ", stride " + stride);
    }
    long last = rows == 0 ? 0 : (rows - 1L) * stride + columns;
    if (data.byteSize() < last * Float.BYTES) {
      throw new IllegalArgumentException(
          "["
              + rows
              + ", "
              + columns
              + "] with stride "
              + stride
              + " needs "
              + last * Float.BYTES
              + " bytes, there are "
              + data.byteSize());
    }
  }

  /** A matrix without gaps between rows. */
  public static Matrix of(MemorySegment data, int rows, int columns) {
    return new Matrix(data, rows, columns, columns);
  }

  /** Whether there are no gaps between rows. */
  public boolean isContiguous() {
    return stride == columns || rows <= 1;
  }

  /** A view of {@code count} rows from row {@code from}. */
  public Matrix rows(int from, int count) {
    if (from < 0 || count < 0 || from > rows - count) {
      throw new IndexOutOfBoundsException("rows " + from + " + " + count + " of " + rows);
    }
    if (count == rows) {
      return this;
    }
    return new Matrix(data.asSlice(count == 0 ? 0 : offset(from)), count, columns, stride);
  }

  /** A view of {@code count} columns from column {@code from}. */
  public Matrix columns(int from, int count) {
    if (from < 0 || count < 0 || from > columns - count) {
      throw new IndexOutOfBoundsException("columns " + from + " + " + count + " of " + columns);
    }
    return new Matrix(data.asSlice((long) from * Float.BYTES), rows, count, stride);
  }

  /** The same contiguous floats as {@code rows} rows. */
  public Matrix reshape(int newRows, int newColumns) {
    if (!isContiguous() || (long) newRows * newColumns != (long) rows * columns) {
      throw new IllegalArgumentException(
          "[" + rows + ", " + columns + "] as [" + newRows + ", " + newColumns + "]");
    }
    return of(data, newRows, newColumns);
  }

  /** Byte offset of row {@code row} in {@code data}. */
  public long offset(int row) {
    return (long) row * stride * Float.BYTES;
  }

  /** One element; too slow for kernels. */
  public float get(int row, int column) {
    return data.get(FLOAT, offset(row) + (long) column * Float.BYTES);
  }

  /** Sets one element; for tests and cold code only. */
  public void set(int row, int column, float value) {
    data.set(FLOAT, offset(row) + (long) column * Float.BYTES, value);
  }

  /** Copies all elements, row after row, to a new array. */
  public float[] toArray() {
    var array = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(data, FLOAT, offset(i), array, i * columns, columns);
    }
    return array;
  }

  /** Fills the matrix, row after row, from {@code rows * columns} floats of an array. */
  public void copyFrom(float[] values, int from) {
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(values, from + i * columns, data, FLOAT, offset(i), columns);
    }
  }

  /** Copies another matrix of the same size into this one. */
  public void copyFrom(Matrix other) {
    if (other.rows != rows || other.columns != columns) {
      throw new IllegalArgumentException(
          "[" + other.rows + ", " + other.columns + "] into [" + rows + ", " + columns + "]");
    }
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(
          other.data, other.offset(i), data, offset(i), (long) columns * Float.BYTES);
    }
  }

  /** Copies the matrix to the heap, as a tensor of this shape. */
  public Tensor toTensor(long... dims) {
    return Tensor.of(toArray(), dims);
  }
}
