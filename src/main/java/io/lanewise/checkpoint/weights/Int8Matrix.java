package io.lanewise.checkpoint.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A matrix to be saved in 8 bits, as two tensors: whole numbers and scales. They are written
 * separately, scales first, so the source is read twice; but the scales (one float per row) are
 * computed once and kept.
 */
final class Int8Matrix {
  private final StoredTensor source; // [outputs, inputs]
  private float[] scales; // [outputs]; null until computed

  Int8Matrix(StoredTensor source) {
    this.source = source;
  }

  /** The whole numbers, I8 [outputs, inputs]. */
  StoredTensor numbers() {
    return DerivedTensors.computed(
        source.name(), DType.I8, source.shape(), source.info().file(), this::round);
  }

  /** The scales of the rows, F32 [outputs]; their name has a suffix. */
  StoredTensor scales(String suffix) {
    return DerivedTensors.computed(
        source.name() + suffix,
        DType.F32,
        Shape.of(rows()),
        source.info().file(),
        target -> MemorySegment.copy(scales(), 0, target, JAVA_FLOAT_UNALIGNED, 0, rows()));
  }

  private int rows() {
    return source.shape().size(0);
  }

  private void round(MemorySegment target) {
    source.floatsTo(target);
    var factors = scales(target);
    var row = new float[source.shape().size(1)];
    for (int i = 0; i < factors.length; i++) {
      long at = at(i, row);
      MemorySegment.copy(target, JAVA_FLOAT_UNALIGNED, at, row, 0, row.length);
      for (int k = 0; k < row.length; k++) {
        row[k] = SymmetricInt8.round(row[k], factors[i]);
      }
      MemorySegment.copy(row, 0, target, JAVA_FLOAT_UNALIGNED, at, row.length);
    }
  }

  private synchronized float[] scales() {
    if (scales != null) {
      return scales;
    }
    try (var scratch = Region.scratch()) {
      var floats = scratch.floats(source.shape().count());
      source.floatsTo(floats);
      return scales(floats);
    }
  }

  private synchronized float[] scales(MemorySegment floats) {
    if (scales == null) {
      var found = new float[rows()];
      var row = new float[source.shape().size(1)];
      for (int i = 0; i < found.length; i++) {
        MemorySegment.copy(floats, JAVA_FLOAT_UNALIGNED, at(i, row), row, 0, row.length);
        found[i] = SymmetricInt8.scale(row, 0, row.length);
      }
      scales = found;
    }
    return scales;
  }

  /** The byte offset of row i in the floats. */
  private static long at(int i, float[] row) {
    return (long) i * row.length * Float.BYTES;
  }
}
