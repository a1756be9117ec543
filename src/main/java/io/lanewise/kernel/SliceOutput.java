package io.lanewise.kernel;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.tensor.Matrix;
import java.lang.foreign.MemorySegment;

/** What is left to do for a row of a product that oneDNN has just written. */
final class SliceOutput {
  private SliceOutput() {}

  /**
   * Applies an activation.
   *
   * @param from the product, {@code count} floats from byte {@code at}
   * @param row room for {@code count} floats in whole vectors
   */
  static void activate(MemorySegment from, long at, int count, Activation activation, float[] row) {
    Lanes.copy(from, at, row, 0, count);
    VectorFunctions.apply(activation, row, wholeVectors(count));
  }

  /**
   * Scales sums of whole numbers: {@code activation(sum · (scales · scale) + bias)}.
   *
   * @param from the sums, {@code count} floats from byte {@code at}
   * @param scale of the row
   * @param scales of the outputs, one a column from byte {@code columnAt}, whole vectors
   * @param bias likewise
   * @param row room for {@code count} floats in whole vectors
   */
  static void scale(
      MemorySegment from,
      long at,
      int count,
      float scale,
      MemorySegment scales,
      MemorySegment bias,
      long columnAt,
      Activation activation,
      float[] row) {
    Lanes.copy(from, at, row, 0, count);
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      long place = columnAt + (long) i * Float.BYTES;
      var factors = Lanes.load(scales, place).mul(scale);
      Lanes.load(row, i).fma(factors, Lanes.load(bias, place)).intoArray(row, i);
    }
    VectorFunctions.apply(activation, row, wholeVectors(count));
  }

  /** Stores a row of a slice. */
  static void store(float[] row, int count, Matrix y, int at, int column) {
    Lanes.copy(row, 0, y.data(), y.offset(at) + (long) column * Float.BYTES, count);
  }

  private static int wholeVectors(int count) {
    int lanes = SPECIES_PREFERRED.length();
    return Math.ceilDiv(count, lanes) * lanes;
  }
}
