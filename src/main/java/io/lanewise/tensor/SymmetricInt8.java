package io.lanewise.kernel;

/**
 * Weights of one output in 8 bits: {@code w ≈ scale · q} with {@code scale = max |w| / 127} and q
 * from −127 to 127, rounded to nearest, ties to even.
 *
 * <p>Where a weight is no finite number the scale is NaN, so that the output is NaN as well and
 * nobody takes it for a result.
 */
public final class SymmetricInt8 {
  private static final int LARGEST = 127;

  private SymmetricInt8() {}

  /** The scale of {@code count} weights; 0 if all are 0. */
  public static float scale(float[] weights, int from, int count) {
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(weights[i])); // NaN if there is one
    }
    return largest < Float.POSITIVE_INFINITY ? largest / LARGEST : Float.NaN;
  }

  /** q of one weight; 0 where the scale is NaN. */
  public static byte round(float weight, float scale) {
    double q = scale == 0 ? 0 : Math.rint(weight / scale);
    return (byte) Math.clamp(q, -LARGEST, LARGEST);
  }
}
