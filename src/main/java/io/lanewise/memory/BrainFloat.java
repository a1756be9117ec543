package io.lanewise.memory;

/** bf16: the upper 16 bits of a 32-bit float. */
public final class BrainFloat {
  private BrainFloat() {}

  /** The nearest bf16, ties to even; a NaN stays a NaN whatever its lower half is. */
  public static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> Short.SIZE) | 0x40);
    }
    int odd = (bits >>> Short.SIZE) & 1;
    return (short) ((bits + 0x7fff + odd) >>> Short.SIZE);
  }

  /** The same number as a 32-bit float. */
  public static float widen(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }
}
