package io.lanewise.tensor;

import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first; a scalar has none. Prints as {@code [2, 8, 768]}.
 *
 * <pre>{@code
 * var shape = Shape.of(2, 8, 768);
 * long hidden = shape.dim(-1); // 768
 * long elements = shape.count(); // 2 * 8 * 768
 * }</pre>
 */
public final class Shape {
  private final long[] dims;

  private Shape(long[] dims) {
    this.dims = dims;
  }

  /**
   * A shape of these dimensions.
   *
   * @throws IllegalArgumentException if one is negative
   * @throws ArithmeticException if the number of elements does not fit a long
   */
  public static Shape of(long... dims) {
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(dims));
      }
    }
    var shape = new Shape(dims.clone());
    shape.count();
    return shape;
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** Dimension {@code i}; negative counts from the end, so {@code dim(-1)} is the innermost. */
  public long dim(int i) {
    return dims[i < 0 ? dims.length + i : i];
  }

  /** Dimension {@code i} as an int, for Java arrays. */
  public int size(int i) {
    return Math.toIntExact(dim(i));
  }

  /** The number of elements: 1 for a scalar, 0 if any dimension is 0. */
  public long count() {
    long count = 1;
    for (long dim : dims) {
      if (dim == 0) {
        return 0;
      }
    }
    for (long dim : dims) {
      count = Math.multiplyExact(count, dim);
    }
    return count;
  }

  /** The dimensions, copied. */
  public long[] dims() {
    return dims.clone();
  }

  /** Whether these are the dimensions. */
  public boolean is(long... expected) {
    return Arrays.equals(dims, expected);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
