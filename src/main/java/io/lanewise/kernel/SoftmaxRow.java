package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static io.lanewise.kernel.Lanes.sum;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.internal.vm.annotation.ForceInline;

/**
 * The steps of a softmax over a part of an array, in place. The length is a multiple of the number
 * of lanes; what fills a row up to that is −∞, which comes out as 0.
 */
final class SoftmaxRow {
  private SoftmaxRow() {}

  /**
   * The largest number, or NaN where there is one with a positive sign.
   *
   * <p>Found on the bits as integers, where two plain instructions do what a float maximum needs
   * six for: of numbers that are not negative the largest integer is the largest float, and among
   * negative ones only it is the smallest integer.
   */
  static float max(float[] row, int at, int length) {
    var largest = splat(Float.NEGATIVE_INFINITY).reinterpretAsInts();
    var smallest = largest;
    for (int i = at; i < at + length; i += SPECIES_PREFERRED.length()) {
      var bits = load(row, i).reinterpretAsInts();
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
  static float scaleAndAdd(float[] row, int at, int length, float scale, float[] bias) {
    var factor = splat(scale);
    var largest = splat(Float.NEGATIVE_INFINITY).reinterpretAsInts();
    var smallest = largest;
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      var score = load(row, at + i).fma(factor, load(bias, i));
      score.intoArray(row, at + i);
      var bits = score.reinterpretAsInts();
      largest = largest.max(bits);
      smallest = smallest.min(bits);
    }
    return max(largest, smallest);
  }

  /** The largest float, from the lane-wise largest and smallest bits of all numbers. */
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
      float[] row, int at, int length, float max, float[] scratch, int scratchAt) {
    var top = splat(max);
    var sum = splat(max * 0); // 0, or NaN if max is one or infinite
    for (int i = at; i < at + length; i += SPECIES_PREFERRED.length()) {
      var power = VectorFunctions.expOfNegative(top.sub(load(row, i)));
      sum = sum.add(power);
      power.intoArray(row, i);
    }
    return sum(sum, scratch, scratchAt);
  }

  /** Adds to each number one of {@code other}, from index 0. */
  static void add(float[] row, int at, int length, float[] other) {
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      load(row, at + i).add(load(other, i)).intoArray(row, at + i);
    }
  }

  /** Multiplies each number by a factor. */
  static void scale(float[] row, int at, int length, float factor) {
    for (int i = at; i < at + length; i += SPECIES_PREFERRED.length()) {
      load(row, i).mul(factor).intoArray(row, i);
    }
  }
}
