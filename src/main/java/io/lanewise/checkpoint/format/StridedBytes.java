package io.lanewise.checkpoint.format;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Elements in another order than row after row: element (i, j, …) is element {@code i * strides[0]
 * + j * strides[1] + …} of {@code base}.
 *
 * <p>PyTorch saves views in this form; Flax and TensorFlow store the weights of linear layers
 * transposed.
 *
 * @param count elements of {@code base}
 */
record StridedBytes(TensorBytes base, long count, long[] dims, long[] strides)
    implements TensorBytes {
  private static final int TILE = 1 << 18;

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void copyTo(int width, MemorySegment target) {
    try (var scratch = Region.scratch()) {
      var source = scratch.allocate(count * width);
      base.copyTo(width, source);
      gather(source, width, 0, 0, new Cursor(target, width));
    }
  }

  @Override
  public void floatsTo(DType dtype, MemorySegment target) {
    try (var scratch = Region.scratch()) {
      var source = scratch.floats(count);
      base.floatsTo(dtype, source);
      gather(source, Float.BYTES, 0, 0, new Cursor(target, Float.BYTES));
    }
  }

  /** The target of the next element. */
  private static final class Cursor {
    private final MemorySegment target;
    private final int width;
    private long at;

    Cursor(MemorySegment target, int width) {
      this.target = target;
      this.width = width;
    }

    void take(MemorySegment source, long element, long elements) {
      MemorySegment.copy(source, element * width, target, at, elements * width);
      at += elements * width;
    }

    void take(float[] values, int elements) {
      MemorySegment.copy(values, 0, target, JAVA_FLOAT_UNALIGNED, at, elements);
      at += (long) elements * width;
    }
  }

  private void gather(MemorySegment source, int width, int dim, long from, Cursor cursor) {
    int left = dims.length - dim;
    if (left == 0) {
      cursor.take(source, from, 1);
    } else if (left == 1 && strides[dim] == 1) {
      cursor.take(source, from, dims[dim]);
    } else if (left == 2 && strides[dim] == 1 && width == Float.BYTES && dims[dim + 1] <= TILE) {
      transpose(source, from, dims[dim], (int) dims[dim + 1], strides[dim + 1], cursor);
    } else {
      for (long i = 0; i < dims[dim]; i++) {
        gather(source, width, dim + 1, from + i * strides[dim], cursor);
      }
    }
  }

  /**
   * Transposes as many rows at a time as fit a tile; each column of a tile is one run of the
   * source.
   */
  private static void transpose(
      MemorySegment source, long from, long rows, int columns, long stride, Cursor cursor) {
    int high = (int) Math.min(rows, Math.max(1, TILE / Math.max(1, columns)));
    var tile = new float[high * columns];
    var run = new float[high];
    for (long row = 0; row < rows; row += high) {
      int n = (int) Math.min(high, rows - row);
      for (int column = 0; column < columns; column++) {
        long at = from + row + column * stride;
        MemorySegment.copy(source, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, run, 0, n);
        for (int i = 0; i < n; i++) {
          tile[i * columns + column] = run[i];
        }
      }
      cursor.take(tile, n * columns);
    }
  }
}
