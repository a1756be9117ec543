package io.lanewise.memory;

/**
 * Rounding of the weights of one output to 8 bits: {@code w ≈ scale · q} with {@code scale = max
 * |w| / 127} and q from −127 to 127, rounded to nearest, ties to even.
 *
 * <p>The scale is the float next to that quotient for which {@code scale · 127 / 127}, rounded
 * twice, is the same float. So rounding the floats {@code scale · q} again gives the same scale and
 * the same q.
 *
 * <p>If a weight is not finite, the scale is NaN, so that the output is NaN and cannot be mistaken
 * for a result.
 */
public final class SymmetricInt8 {
  private static final int LARGEST = 127;

  /** One step is enough for nearly all. */
  private static final int STEPS = 8;

  private SymmetricInt8() {}

  /** The scale of {@code count} weights; 0 if all are 0. */
  public static float scale(float[] weights, int from, int count) {
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(weights[i])); // NaN if there is one
    }
    return largest < Float.POSITIVE_INFINITY ? thatComesBack(largest / LARGEST) : Float.NaN;
  }

  private static float thatComesBack(float quotient) {
    float scale = quotient;
    for (int i = 0; i < STEPS; i++) {
      float next = scale * LARGEST / LARGEST;
      if (next == scale || next == Float.POSITIVE_INFINITY) {
        break;
      }
      scale = next;
    }
    return scale;
  }

  /** q of one weight; 0 if the scale is NaN. */
  public static byte round(float weight, float scale) {
    double q = scale == 0 ? 0 : Math.rint(weight / scale);
    return (byte) Math.clamp(q, -LARGEST, LARGEST);
  }
}
