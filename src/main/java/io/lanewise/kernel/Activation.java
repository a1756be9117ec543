package io.lanewise.kernel;

import io.lanewise.kernel.scalar.ScalarRowwise;
import java.util.Optional;

/**
 * The activations that {@code hidden_act} can name, as in {@code ACT2CLS} of Hugging Face's
 * activations.py.
 */
public enum Activation {
  /** Returns x. */
  IDENTITY("linear"),
  /** x · Φ(x) with the error function. */
  GELU("gelu", "gelu_python"),
  /** The tanh form of GELU, {@code 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
  GELU_TANH("gelu_new", "gelu_fast", "gelu_pytorch_tanh"),
  /** x · sigmoid(1.702 x). */
  QUICK_GELU("quick_gelu"),
  RELU("relu"),
  /** x · sigmoid(x). */
  SILU("silu", "swish"),
  TANH("tanh"),
  SIGMOID("sigmoid");

  private final String first;
  private final String second;
  private final String third;

  Activation(String name) {
    this(name, name, name);
  }

  Activation(String name, String alias) {
    this(name, alias, alias);
  }

  Activation(String first, String second, String third) {
    this.first = first;
    this.second = second;
    this.third = third;
  }

  /** The activation with this name in a config. */
  public static Optional<Activation> named(String name) {
    for (var activation : values()) {
      if (name.equals(activation.first)
          || name.equals(activation.second)
          || name.equals(activation.third)) {
        return Optional.of(activation);
      }
    }
    return Optional.empty();
  }

  /** Its value at x, to double precision. */
  public double of(double x) {
    return switch (this) {
      case IDENTITY -> x;
      case GELU -> 0.5 * x * (1 + ScalarRowwise.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case QUICK_GELU -> x * sigmoid(1.702 * x);
      case RELU -> Math.max(x, 0);
      case SILU -> x * sigmoid(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
