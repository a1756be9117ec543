package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static io.lanewise.kernel.Lanes.sum;
import static io.lanewise.kernel.vector.Panels.BLOCK;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.internal.vm.annotation.ForceInline;

/**
 * The steps of a softmax over a part of an array, in place. The length is a multiple of the number
 * of lanes; rows are padded with −∞, which becomes 0.
 *
 * <p>Rows lie in groups of {@code group} as in {@link io.lanewise.kernel.packing.GroupedRows}:
 * number i of a row is at {@code at + i + (i & -BLOCK) * (group - 1)}. With a group of 1 the
 * numbers of a row are consecutive.
 */
final class SoftmaxRow {
  /** Numbers that are summed in single precision: few, so that the sum loses nothing. */
  private static final int SUMMED = 256;

  private SoftmaxRow() {}

  /**
   * The largest number; NaN if the row has a NaN with a positive sign.
   *
   * <p>It is found by comparing the bits as integers, with two instructions instead of the six of a
   * float maximum: if some numbers are not negative, the largest integer is the largest float; if
   * all are negative, the smallest integer is.
   */
  static float max(float[] row, int at, int length, int group) {
    var largest = splat(Float.NEGATIVE_INFINITY).reinterpretAsInts();
    var smallest = largest;
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      var bits = load(row, at + i + (i & -BLOCK) * (group - 1)).reinterpretAsInts();
      largest = largest.max(bits);
      smallest = smallest.min(bits);
    }
    return max(largest, smallest);
  }

  /**
   * Replaces each number x by x · scale + bias.
   *
   * @param bias one for each number, from index 0
   * @return the largest result, as {@link #max}
   */
  static float scaleAndAdd(float[] row, int at, int length, int group, float scale, float[] bias) {
    var factor = splat(scale);
    var largest = splat(Float.NEGATIVE_INFINITY).reinterpretAsInts();
    var smallest = largest;
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      int place = at + i + (i & -BLOCK) * (group - 1);
      var score = load(row, place).fma(factor, load(bias, i));
      score.intoArray(row, place);
      var bits = score.reinterpretAsInts();
      largest = largest.max(bits);
      smallest = smallest.min(bits);
    }
    return max(largest, smallest);
  }

  /** The largest float, from the largest and smallest bits of each lane. */
  @ForceInline
  private static float max(IntVector largest, IntVector smallest) {
    int bits = largest.reduceLanes(VectorOperators.MAX);
    return Float.intBitsToFloat(bits >= 0 ? bits : smallest.reduceLanes(VectorOperators.MIN));
  }

  /**
   * Replaces each number x by exp(x − max).
   *
   * @param scratch has room for one vector from {@code scratchAt}
   * @return their sum; NaN if there is a NaN in the row, or if max is infinite
   */
  static float exponentials(
      float[] row, int at, int length, int group, float max, float[] scratch, int scratchAt) {
    var top = splat(max);
    var sum = splat(max * 0); // 0, or NaN if max is one or infinite
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      int place = at + i + (i & -BLOCK) * (group - 1);
      var power = VectorFunctions.expOfNegative(top.sub(load(row, place)));
      sum = sum.add(power);
      power.intoArray(row, place);
    }
    return sum(sum, scratch, scratchAt);
  }

  /**
   * Σ exp(x − max) of the first numbers, which stay. A block is summed in single precision, the
   * blocks in double precision.
   *
   * @param scratch has room for one vector from {@code scratchAt}
   * @return NaN if there is a NaN among them, or if max is infinite
   */
  static double sumOfExponentials(
      float[] row, int length, float max, float[] scratch, int scratchAt) {
    double sum = 0;
    for (int i = 0; i < length; i += SUMMED) {
      sum += sumOfBlock(row, i, Math.min(i + SUMMED, length), max, scratch, scratchAt);
    }
    return sum;
  }

  private static float sumOfBlock(
      float[] row, int from, int to, float max, float[] scratch, int scratchAt) {
    var top = splat(max);
    var sum = splat(max * 0); // 0, or NaN if max is one or infinite
    for (int i = from; i < to; i += SPECIES_PREFERRED.length()) {
      sum = sum.add(VectorFunctions.expOfNegative(top.sub(load(row, i))));
    }
    return sum(sum, scratch, scratchAt);
  }

  /** Adds {@code other}, element by element, from index 0 on. */
  static void add(float[] row, int at, int length, int group, float[] other) {
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      int place = at + i + (i & -BLOCK) * (group - 1);
      load(row, place).add(load(other, i)).intoArray(row, place);
    }
  }

  /** Multiplies each number by a factor. */
  static void scale(float[] row, int at, int length, float factor) {
    for (int i = at; i < at + length; i += SPECIES_PREFERRED.length()) {
      load(row, i).mul(factor).intoArray(row, i);
    }
  }
}
