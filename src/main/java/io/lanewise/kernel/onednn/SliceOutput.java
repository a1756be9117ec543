package io.lanewise.kernel.onednn;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.vector.VectorFunctions;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.internal.vm.annotation.ForceInline;

/** Finishes the rows of a product that oneDNN has just written: scales, bias, activation. */
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
    VectorFunctions.apply(activation, row, Lanes.wholeVectors(count));
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
    int whole = count - count % SPECIES_PREFERRED.length();
    var source = Lanes.base(from);
    long first = Lanes.offset(from, at);
    var factors = Lanes.base(scales);
    long factorsAt = Lanes.offset(scales, columnAt);
    var summands = Lanes.base(bias);
    long summandsAt = Lanes.offset(bias, columnAt);
    for (int i = 0; i < whole; i += SPECIES_PREFERRED.length()) {
      long place = (long) i * Float.BYTES;
      var sums = Lanes.load(source, first + place);
      scaled(sums, scale, factors, factorsAt + place, summands, summandsAt + place)
          .intoArray(row, i);
    }
    if (whole < count) {
      long place = (long) whole * Float.BYTES;
      Lanes.copy(from, at + place, row, whole, count - whole);
      var sums = Lanes.load(row, whole);
      scaled(sums, scale, factors, factorsAt + place, summands, summandsAt + place)
          .intoArray(row, whole);
    }
    VectorFunctions.apply(activation, row, Lanes.wholeVectors(count));
  }

  /**
   * Scales sums where they are, without activation.
   *
   * @param count whole vectors
   */
  static void scaleInPlace(
      MemorySegment sums,
      long at,
      int count,
      float scale,
      MemorySegment scales,
      MemorySegment bias,
      long columnAt) {
    var memory = Lanes.base(sums);
    long first = Lanes.offset(sums, at);
    var factors = Lanes.base(scales);
    long factorsAt = Lanes.offset(scales, columnAt);
    var summands = Lanes.base(bias);
    long summandsAt = Lanes.offset(bias, columnAt);
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      long place = (long) i * Float.BYTES;
      var some = Lanes.load(memory, first + place);
      var result = scaled(some, scale, factors, factorsAt + place, summands, summandsAt + place);
      Lanes.store(result, memory, first + place);
    }
  }

  /** {@code sums · (scales · scale) + bias} for a vector of sums. */
  @ForceInline
  private static FloatVector scaled(
      FloatVector sums,
      float scale,
      MemorySegment factors,
      long factorsAt,
      MemorySegment summands,
      long summandsAt) {
    return sums.fma(Lanes.load(factors, factorsAt).mul(scale), Lanes.load(summands, summandsAt));
  }

  /** Stores a row of a slice. */
  static void store(float[] row, int count, Matrix y, int at, int column) {
    Lanes.copy(row, 0, y.data(), y.offset(at) + (long) column * Float.BYTES, count);
  }

  /** Whether so many floats are whole vectors. */
  static boolean isWhole(int count) {
    return count % SPECIES_PREFERRED.length() == 0;
  }
}
