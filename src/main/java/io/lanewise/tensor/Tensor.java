package io.lanewise.tensor;

import java.util.Arrays;

/**
 * A dense row-major tensor on the Java heap: the inputs and outputs of models.
 *
 * <pre>{@code
 * var scores = Tensor.of(new float[] {0.1f, 0.7f, 0.2f, 0.4f, 0.3f, 0.3f}, 2, 3); // [2, 3]
 * float[] first = scores.row(0);
 * var ids = Tensor.of(new int[][] {{2, 14, 3}}); // integers [1, 3]
 * }</pre>
 *
 * <p>It is independent of any model: a result stays valid when the model is closed. Elements are
 * 32-bit floats ({@link DType#F32}) or 64-bit integers ({@link DType#I64}).
 */
public final class Tensor {
  private final Shape shape;
  private final float[] floats;
  private final long[] longs;

  private Tensor(Shape shape, float[] floats, long[] longs) {
    this.shape = shape;
    this.floats = floats;
    this.longs = longs;
    int length = floats != null ? floats.length : longs.length;
    if (shape.count() != length) {
      throw new IllegalArgumentException(
          "shape " + shape + " has " + shape.count() + " elements, not " + length);
    }
  }

  /** A float tensor over this array, which is not copied; no dimensions make a scalar. */
  public static Tensor of(float[] values, long... dims) {
    return new Tensor(Shape.of(dims), values, null);
  }

  /** An integer tensor over this array, which is not copied; no dimensions make a scalar. */
  public static Tensor of(long[] values, long... dims) {
    return new Tensor(Shape.of(dims), null, values);
  }

  /** A scalar. */
  public static Tensor scalar(float value) {
    return of(new float[] {value});
  }

  /**
   * Rows of equal length as an integer tensor [rows, columns].
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Tensor of(int[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    var values = new long[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      checkLength(rows[i].length, columns, i);
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = rows[i][j];
      }
    }
    return of(values, rows.length, columns);
  }

  /**
   * Rows of equal length as an integer tensor [rows, columns].
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Tensor of(long[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    var values = new long[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      checkLength(rows[i].length, columns, i);
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return of(values, rows.length, columns);
  }

  /**
   * Rows of equal length as a float tensor [rows, columns].
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Tensor of(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    var values = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      checkLength(rows[i].length, columns, i);
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return of(values, rows.length, columns);
  }

  private static void checkLength(int length, int expected, int row) {
    if (length != expected) {
      throw new IllegalArgumentException(
          "row "
              + row
              + " has "
              + length
              + " elements, row 0 has "
              + expected
              + ": pad the rows to one length");
    }
  }

  public Shape shape() {
    return shape;
  }

  /** {@link DType#F32} or {@link DType#I64}. */
  public DType dtype() {
    return floats != null ? DType.F32 : DType.I64;
  }

  /**
   * All elements, row-major: the tensor's own array if it has floats, otherwise the converted
   * integers.
   */
  public float[] floats() {
    if (floats != null) {
      return floats;
    }
    var values = new float[longs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = longs[i];
    }
    return values;
  }

  /**
   * All elements, row-major, the tensor's own array.
   *
   * @throws IllegalStateException if the tensor holds floats
   */
  public long[] longs() {
    if (longs == null) {
      throw new IllegalStateException("a tensor of floats " + shape + " has no integers");
    }
    return longs;
  }

  /** The element at these indices, outermost first; negative ones count from the end. */
  public float at(long... indices) {
    int i = Math.toIntExact(index(indices));
    return floats != null ? floats[i] : longs[i];
  }

  /**
   * The floats of the innermost dimension at these outer indices, copied: {@code logits.row(0, 4)}
   * of [b, s, V].
   */
  public float[] row(long... outer) {
    if (outer.length != shape.rank() - 1) {
      throw new IllegalArgumentException(outer.length + " outer indices for shape " + shape);
    }
    int width = shape.size(-1);
    var first = Arrays.copyOf(outer, outer.length + 1);
    if (width == 0) {
      return new float[0];
    }
    int from = Math.toIntExact(index(first));
    return Arrays.copyOfRange(floats(), from, from + width);
  }

  /** The same elements with other dimensions. */
  public Tensor reshape(long... dims) {
    return new Tensor(Shape.of(dims), floats, longs);
  }

  private long index(long... indices) {
    if (indices.length != shape.rank()) {
      throw new IllegalArgumentException(indices.length + " indices for shape " + shape);
    }
    long at = 0;
    for (int i = 0; i < indices.length; i++) {
      long index = indices[i] < 0 ? indices[i] + shape.dim(i) : indices[i];
      at = at * shape.dim(i) + java.util.Objects.checkIndex(index, shape.dim(i));
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && shape.equals(tensor.shape)
        && Arrays.equals(floats, tensor.floats)
        && Arrays.equals(longs, tensor.longs);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(floats)) + Arrays.hashCode(longs);
  }

  /** Type, shape and the first elements, such as {@code F32[2, 2] 0.8352943, -0.7447244, …}. */
  @Override
  public String toString() {
    var text = new StringBuilder().append(dtype()).append(shape);
    long count = shape.count();
    for (int i = 0; i < Math.min(count, 4); i++) {
      text.append(i == 0 ? " " : ", ")
          .append(floats != null ? String.valueOf(floats[i]) : String.valueOf(longs[i]));
    }
    return count > 4 ? text.append(", …").toString() : text.toString();
  }
}
