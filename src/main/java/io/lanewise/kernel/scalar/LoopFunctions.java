package io.lanewise.kernel.scalar;

import io.lanewise.kernel.Activation;

/**
 * Activations and exponentials of arrays, in single precision and as scalar loops. They are fast
 * after a thousand calls, before the vector functions are compiled.
 *
 * <p>The same polynomials and quotients as {@link io.lanewise.kernel.vector.VectorFunctions},
 * without fused multiply-adds, which are emulated in software on some processors.
 */
final class LoopFunctions {
  /** exp of minus this is rounded to 0. */
  private static final float VANISHING = 88;

  /** exp of this is rounded to infinity. */
  private static final float OVERFLOWING = 89;

  /**
   * As in {@link io.lanewise.kernel.vector.VectorFunctions}: adding it rounds to an integer plus
   * the exponent bias.
   */
  private static final float ROUNDER = 0x1.8p23f + 127;

  /** ln 2 in two parts; a product of the first with an exponent is exact. */
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = -2.1219444e-4f;

  private static final float GELU_END = 5.5f;
  private static final float TANH_END = 9.1f;

  private LoopFunctions() {}

  /** Applies an activation to the first {@code count} numbers, in place. */
  static void apply(Activation activation, float[] values, int count) {
    switch (activation) {
      case IDENTITY -> {}
      case GELU -> gelu(values, count);
      case GELU_TANH -> geluTanh(values, count);
      case QUICK_GELU -> sigmoidUnit(values, count, 1.702f);
      case RELU -> relu(values, count);
      case SILU -> sigmoidUnit(values, count, 1);
      case TANH -> tanh(values, count);
      case SIGMOID -> sigmoid(values, count);
    }
  }

  /**
   * Replaces each of the first {@code count} numbers x by exp(x − max), where none is above {@code
   * max}.
   *
   * @return their sum; NaN if there is a NaN among them, or if max is infinite
   */
  static float exponentials(float[] values, int count, float max) {
    float nothing = max * 0; // NaN if max is NaN or infinite
    for (int i = 0; i < count; i++) {
      values[i] = powerOfE(Math.max(values[i] - max, -VANISHING)) + nothing;
    }
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum;
  }

  /**
   * Σ exp(x − max) in double precision, where none is above {@code max}; NaN if there is a NaN
   * among them, or if max is infinite.
   */
  static double sumOfExponentials(float[] values, float max) {
    double sum = max * 0; // NaN if max is NaN or infinite
    for (float value : values) {
      sum += powerOfE(Math.max(value - max, -VANISHING));
    }
    return sum;
  }

  /** exp(x) for −88 ≤ x ≤ 89; 0 at the lower end, infinite at the upper one, NaN for NaN. */
  private static float powerOfE(float x) {
    float rounded = x * 1.442695f + ROUNDER;
    float n = rounded - ROUNDER;
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 0.00138146f * r + 0.00836872f;
    p = p * r + 0.04166839f;
    p = p * r + 0.16666521f;
    p = p * r + 0.49999994f;
    p = p * r + 1;
    p = p * r + 1;
    return p * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
  }

  private static float expOfMinus(float y) {
    return powerOfE(Math.min(Math.max(-y, -VANISHING), OVERFLOWING));
  }

  private static void gelu(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float x = values[i];
      float a = Math.min(Math.abs(x), GELU_END);
      float s = a * a;
      float p = 2.1480183e-8f * s + 6.6282564e-6f;
      p = p * s + 1.9407696e-4f;
      p = p * s + 0.00482908f;
      p = p * s + 0.03622046f;
      p = p * s + 0.39894184f;
      float q = 1.1812438e-6f * s + 8.232934e-5f;
      q = q * s + 0.002025343f;
      q = q * s + 0.030019779f;
      q = q * s + 0.2574535f;
      q = q * s + 1;
      values[i] = Math.abs(x) * (a * p / q) + x * 0.5f;
    }
  }

  private static void geluTanh(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float x = values[i];
      float twice = (x * x * 0.071354814f + 1.5957692f) * x;
      values[i] = x / (expOfMinus(twice) + 1);
    }
  }

  private static void sigmoidUnit(float[] values, int count, float factor) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] / (expOfMinus(values[i] * factor) + 1);
    }
  }

  private static void relu(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(values[i], 0);
    }
  }

  private static void sigmoid(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = 1 / (expOfMinus(values[i]) + 1);
    }
  }

  private static void tanh(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float a = Math.min(Math.max(values[i], -TANH_END), TANH_END);
      float s = a * a;
      float p = 1.31775195e-8f * s + 2.0481182e-5f;
      p = p * s + 0.0034878107f;
      p = p * s + 0.13374475f;
      p = p * s + 1;
      float q = 7.704044e-7f * s + 3.2729196e-4f;
      q = q * s + 0.025847387f;
      q = q * s + 0.46707788f;
      q = q * s + 1;
      values[i] = Math.min(Math.max(a * p / q, -1), 1);
    }
  }
}
