package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static io.lanewise.kernel.Lanes.sum;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import java.util.Arrays;

/**
 * The steps of a layer normalisation on a row in an array that is filled up to a multiple of {@link
 * #step}. Two sums in turn hide the time that one addition takes.
 */
final class NormalisedRow {
  private NormalisedRow() {}

  /** Rows are filled up to a multiple of this. */
  static int step() {
    return 2 * SPECIES_PREFERRED.length();
  }

  /**
   * {@code row = (row − mean) / √(variance + epsilon) · gain + bias} for the first {@code columns}
   * numbers.
   *
   * @param row has room for one vector more, behind {@code length}
   * @param length {@code columns}, rounded up to whole steps
   */
  static void normalise(
      float[] row, int columns, int length, float[] gain, float[] bias, float epsilon) {
    Arrays.fill(row, columns, length, 0);
    float mean = total(row, length) / columns;
    Arrays.fill(row, columns, length, mean);
    float variance = squares(row, length, mean) / columns;
    float scale = (float) (1 / Math.sqrt((double) variance + epsilon));
    scaleAndShift(row, length, mean, scale, gain, bias);
  }

  /**
   * {@code row = row / √(mean(row²) + epsilon) · gain}; the rest as in {@link #normalise}.
   *
   * @param row has room for one vector more, behind {@code length}
   */
  static void divideByRoot(float[] row, int columns, int length, float[] gain, float epsilon) {
    Arrays.fill(row, columns, length, 0);
    float scale = (float) (1 / Math.sqrt((double) squares(row, length, 0) / columns + epsilon));
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      load(row, i).mul(scale).mul(load(gain, i)).intoArray(row, i);
    }
  }

  /** {@code row += other}. */
  static void add(float[] row, float[] other, int length) {
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      load(row, i).add(load(other, i)).intoArray(row, i);
    }
  }

  private static float total(float[] row, int length) {
    int lanes = SPECIES_PREFERRED.length();
    var a = splat(0);
    var b = splat(0);
    for (int i = 0; i < length; i += 2 * lanes) {
      a = a.add(load(row, i));
      b = b.add(load(row, i + lanes));
    }
    return sum(a.add(b), row, length);
  }

  private static float squares(float[] row, int length, float mean) {
    int lanes = SPECIES_PREFERRED.length();
    var a = splat(0);
    var b = splat(0);
    for (int i = 0; i < length; i += 2 * lanes) {
      var x = load(row, i).sub(mean);
      a = x.fma(x, a);
      var y = load(row, i + lanes).sub(mean);
      b = y.fma(y, b);
    }
    return sum(a.add(b), row, length);
  }

  private static void scaleAndShift(
      float[] row, int length, float mean, float scale, float[] gain, float[] bias) {
    for (int i = 0; i < length; i += SPECIES_PREFERRED.length()) {
      load(row, i).sub(mean).mul(scale).fma(load(gain, i), load(bias, i)).intoArray(row, i);
    }
  }
}
