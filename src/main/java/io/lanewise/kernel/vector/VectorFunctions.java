package io.lanewise.kernel.vector;

import static io.lanewise.kernel.Lanes.load;
import static io.lanewise.kernel.Lanes.splat;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.internal.vm.annotation.ForceInline;

/**
 * Activations and exponentials of vectors: polynomials and quotients of polynomials with the
 * smallest maximum error of their degree on their interval.
 *
 * <p>There are no lane-wise library calls, no conversions between float and integer, and no masks:
 * each of them is slow or missing on some processors. Numbers are limited to a range by comparing
 * their bits as integers, which takes one instruction; a float minimum, with its rules for NaN and
 * for the two zeros, takes six.
 *
 * <p>Each formula has its own loop over an array, in this same class. In separate classes, the
 * loops could be compiled before the class of the formulas was loaded, if the first layers of a
 * model had no activation. The profile then contained no calls, and in some processes the formula
 * was never inlined: 2 ns per element instead of 0.4.
 */
public final class VectorFunctions {
  /** exp of minus this is rounded to 0. */
  private static final float VANISHING = 88;

  /** exp of this is rounded to infinity. */
  private static final float OVERFLOWING = 89;

  /**
   * A float of this size has no bits for a fraction. Adding it rounds to an integer, which is then
   * in the lowest bits, with the exponent bias already added.
   */
  private static final float ROUNDER = 0x1.8p23f + 127;

  private static final float GELU_END = 5.5f;
  private static final float TANH_END = 9.1f;

  private VectorFunctions() {}

  /**
   * Applies an activation in place.
   *
   * @param count a multiple of the number of lanes
   */
  public static void apply(Activation activation, float[] values, int count) {
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

  private static void gelu(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      gelu(load(values, i)).intoArray(values, i);
    }
  }

  private static void geluTanh(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      geluTanh(load(values, i)).intoArray(values, i);
    }
  }

  private static void sigmoidUnit(float[] values, int count, float factor) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      sigmoidUnit(load(values, i), factor).intoArray(values, i);
    }
  }

  private static void relu(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      load(values, i).max(0).intoArray(values, i);
    }
  }

  private static void tanh(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      tanh(load(values, i)).intoArray(values, i);
    }
  }

  private static void sigmoid(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      sigmoid(load(values, i)).intoArray(values, i);
    }
  }

  /**
   * exp(−y) for y ≥ 0, with a relative error below 3e-7; 0 where it is less than the smallest
   * normal float, as for y = ∞. A NaN with a positive sign is lost, so callers check for NaN
   * themselves.
   */
  @ForceInline
  public static FloatVector expOfNegative(FloatVector y) {
    return powerOfE(atMost(y, VANISHING).neg());
  }

  /** exp(−y): 0 for y ≥ 88, infinite for y ≤ −89, undefined for NaN. */
  @ForceInline
  private static FloatVector expOfMinus(FloatVector y) {
    return powerOfE(atMost(atMost(y, VANISHING).neg(), OVERFLOWING));
  }

  /**
   * exp(x) as 2ⁿ exp(r), with n = x / ln 2 rounded and r = x − n ln 2; exp(r) is a polynomial of
   * degree 6.
   */
  @ForceInline
  private static FloatVector powerOfE(FloatVector x) {
    var rounded = x.fma(splat(1.442695f), splat(ROUNDER));
    var r = rounded.sub(ROUNDER).fma(splat(-0.6931472f), x);
    var p = splat(0.00138146f).fma(r, splat(0.00836872f));
    p = p.fma(r, splat(0.04166839f));
    p = p.fma(r, splat(0.16666521f));
    p = p.fma(r, splat(0.49999994f));
    p = p.fma(r, splat(1));
    p = p.fma(r, splat(1));
    var power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.mul(power.reinterpretAsFloats());
  }

  /** The smaller of the two; a NaN becomes the limit if its sign is positive. */
  @ForceInline
  private static FloatVector atMost(FloatVector x, float limit) {
    return x.reinterpretAsInts().min(Float.floatToRawIntBits(limit)).reinterpretAsFloats();
  }

  /**
   * x Φ(x), as x / 2 + |x| (Φ(|x|) − 1/2); absolute error below 1e-6.
   *
   * <p>Φ(a) − 1/2 is odd: a P(a²) / Q(a²), both of degree 5, and exactly 1/2 at the end of the
   * interval, so that a large negative x gives 0.
   */
  @ForceInline
  static FloatVector gelu(FloatVector x) {
    var a = atMost(x.abs(), GELU_END);
    var s = a.mul(a);
    var p = splat(2.1480183e-8f).fma(s, splat(6.6282564e-6f));
    p = p.fma(s, splat(1.9407696e-4f));
    p = p.fma(s, splat(0.00482908f));
    p = p.fma(s, splat(0.03622046f));
    p = p.fma(s, splat(0.39894184f));
    var q = splat(1.1812438e-6f).fma(s, splat(8.232934e-5f));
    q = q.fma(s, splat(0.002025343f));
    q = q.fma(s, splat(0.030019779f));
    q = q.fma(s, splat(0.2574535f));
    q = q.fma(s, splat(1));
    return x.abs().fma(a.mul(p).div(q), x.mul(0.5f));
  }

  /** The tanh form of GELU, by 1 + tanh(u) = 2 sigmoid(2u). */
  @ForceInline
  static FloatVector geluTanh(FloatVector x) {
    var twice = x.mul(x).fma(splat(0.071354814f), splat(1.5957692f)).mul(x);
    return x.div(expOfMinus(twice).add(1));
  }

  /** x sigmoid(factor · x). */
  @ForceInline
  static FloatVector sigmoidUnit(FloatVector x, float factor) {
    return x.div(expOfMinus(x.mul(factor)).add(1));
  }

  @ForceInline
  static FloatVector sigmoid(FloatVector x) {
    var negated = x.neg().max(-VANISHING).min(OVERFLOWING); // keeps a NaN
    return splat(1).div(powerOfE(negated).add(1));
  }

  /** x P(x²) / Q(x²), both of degree 4; relative error below 5e-7. */
  @ForceInline
  static FloatVector tanh(FloatVector x) {
    var a = x.max(-TANH_END).min(TANH_END); // keeps a NaN
    var s = a.mul(a);
    var p = splat(1.31775195e-8f).fma(s, splat(2.0481182e-5f));
    p = p.fma(s, splat(0.0034878107f));
    p = p.fma(s, splat(0.13374475f));
    p = p.fma(s, splat(1.0f));
    var q = splat(7.704044e-7f).fma(s, splat(3.2729196e-4f));
    q = q.fma(s, splat(0.025847387f));
    q = q.fma(s, splat(0.46707788f));
    q = q.fma(s, splat(1));
    return a.mul(p).div(q).max(-1).min(1);
  }
}
