package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.kernel.Activation;
import io.lanewise.task.text.TextModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The functions that files of sentence-transformers name by their class, such as {@code
 * torch.nn.modules.activation.Tanh}: those of {@code torch.nn.modules.activation} that can be made
 * without arguments, with the defaults they have then, and what {@code transformers.activations}
 * has beside them.
 *
 * <p>Some look at the whole vector, {@link #isOfVectors}; {@code RReLU} is the one of inference,
 * which draws nothing.
 */
public enum TorchFunction {
  IDENTITY("Identity LinearActivation"),
  TANH("Tanh"),
  SIGMOID("Sigmoid"),
  RELU("ReLU"),
  GELU("GELU GELUActivation"),
  GELU_TANH("NewGELUActivation FastGELUActivation GELUTanh PytorchGELUTanh"),
  QUICK_GELU("QuickGELUActivation"),
  SILU("SiLU SiLUActivation"),
  MISH("Mish MishActivation"),
  RELU6("ReLU6"),
  LEAKY_RELU("LeakyReLU"),
  PRELU("PReLU"),
  RRELU("RReLU"),
  ELU("ELU"),
  CELU("CELU"),
  SELU("SELU"),
  HARDTANH("Hardtanh"),
  HARDSIGMOID("Hardsigmoid"),
  HARDSWISH("Hardswish"),
  HARDSHRINK("Hardshrink"),
  SOFTSHRINK("Softshrink"),
  TANHSHRINK("Tanhshrink"),
  SOFTPLUS("Softplus"),
  SOFTSIGN("Softsign"),
  LOG_SIGMOID("LogSigmoid"),
  SOFTMAX("Softmax"),
  SOFTMIN("Softmin"),
  LOG_SOFTMAX("LogSoftmax");

  /** {@code PReLU}'s slope below 0 before training. */
  public static final double SLOPE = 0.25;

  private static final List<String> PACKAGES = List.of("torch.", "transformers.activations.");

  private final String names;

  /**
   * A function.
   *
   * @param names of its classes, with spaces between
   */
  TorchFunction(String names) {
    this.names = names;
  }

  /**
   * The function of this name.
   *
   * @param key where the name stands, for the message
   * @throws io.lanewise.CheckpointException if it is none of these, or not of torch's or
   *     transformers' own
   */
  public static TorchFunction named(Config config, String key, String name) {
    if (PACKAGES.stream().anyMatch(name::startsWith)) {
      var last = name.substring(name.lastIndexOf('.') + 1);
      for (var function : values()) {
        if (function.isCalled(last)) {
          return function;
        }
      }
    }
    throw config.wrong(
        key,
        "%s is no function that runs here: torch.nn.%s"
            .formatted(
                TextModel.excerpt(name),
                Arrays.stream(values())
                    .map(TorchFunction::title)
                    .collect(Collectors.joining(", "))));
  }

  private boolean isCalled(String name) {
    return !name.contains(" ") && (" " + names + " ").contains(" " + name + " ");
  }

  /** The class's own name, such as {@code Tanh}. */
  public String title() {
    return names.contains(" ") ? names.substring(0, names.indexOf(' ')) : names;
  }

  /** Whether each number of the result depends on all of the vector. */
  public boolean isOfVectors() {
    return this == SOFTMAX || this == SOFTMIN || this == LOG_SOFTMAX;
  }

  /** The results for all numbers of a vector. */
  float[] apply(double[] vector, double slope) {
    var results = new float[vector.length];
    double sign = this == SOFTMIN ? -1 : 1;
    double largest =
        Arrays.stream(vector).map(x -> sign * x).max().orElse(Double.NEGATIVE_INFINITY);
    double log =
        isOfVectors()
            ? largest + Math.log(Arrays.stream(vector).map(x -> Math.exp(sign * x - largest)).sum())
            : 0;
    for (int i = 0; i < results.length; i++) {
      results[i] =
          (float)
              switch (this) {
                case SOFTMAX, SOFTMIN -> Math.exp(sign * vector[i] - log);
                case LOG_SOFTMAX -> vector[i] - log;
                default -> of(vector[i], slope);
              };
    }
    return results;
  }

  /**
   * The result for one number.
   *
   * @param slope of {@code PReLU}
   */
  public double of(double x, double slope) {
    return switch (this) {
      case IDENTITY -> x;
      case TANH -> Activation.TANH.of(x);
      case SIGMOID -> Activation.SIGMOID.of(x);
      case RELU -> Activation.RELU.of(x);
      case GELU -> Activation.GELU.of(x);
      case GELU_TANH -> Activation.GELU_TANH.of(x);
      case QUICK_GELU -> Activation.QUICK_GELU.of(x);
      case SILU -> Activation.SILU.of(x);
      case MISH -> x * Math.tanh(softplus(x));
      case RELU6 -> Math.clamp(x, 0, 6);
      case LEAKY_RELU -> bent(x, 0.01);
      case PRELU -> bent(x, slope);
      case RRELU -> bent(x, (1 / 8.0 + 1 / 3.0) / 2);
      case ELU, CELU -> x > 0 ? x : Math.expm1(x);
      case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
      case HARDTANH -> Math.clamp(x, -1.0, 1.0);
      case HARDSIGMOID -> Math.clamp(x / 6 + 0.5, 0.0, 1.0);
      case HARDSWISH -> x * Math.clamp(x + 3, 0.0, 6.0) / 6;
      case HARDSHRINK -> Math.abs(x) > 0.5 ? x : 0;
      case SOFTSHRINK -> Math.abs(x) > 0.5 ? x - Math.copySign(0.5, x) : 0;
      case TANHSHRINK -> x - Math.tanh(x);
      case SOFTPLUS -> x > 20 ? x : softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case LOG_SIGMOID -> -softplus(-x);
      case SOFTMAX, SOFTMIN, LOG_SOFTMAX -> throw new IllegalStateException(this + " of a number");
    };
  }

  private static double bent(double x, double slope) {
    return x < 0 ? slope * x : x;
  }

  /** log(1 + exp(x)) without its overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
