package io.lanewise.task;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Checkpoint.Loading;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Weights;
import io.lanewise.tensor.Region;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What a folder of sentence-transformers does with a text's vector after the pooling. */
sealed interface SentenceModule {
  /** The vector afterwards. */
  float[] apply(float[] vector);

  /**
   * Its size for vectors of this size.
   *
   * @throws CheckpointException if it takes vectors of another size
   */
  int size(int before);

  /** Length 1. */
  record Normalize() implements SentenceModule {
    @Override
    public float[] apply(float[] vector) {
      return new Embedding(vector).normalised().values();
    }

    @Override
    public int size(int before) {
      return before;
    }
  }

  /**
   * A linear layer and a function: f(W·x + b).
   *
   * @param weight [outputs * inputs]
   * @param bias [outputs]
   */
  record Dense(String where, int inputs, float[] weight, float[] bias, Function function)
      implements SentenceModule {
    /** The functions of torch that may follow. */
    enum Function {
      IDENTITY,
      TANH,
      RELU,
      SIGMOID;

      /** That of a class name such as {@code torch.nn.modules.activation.Tanh}. */
      static Function of(Config config) {
        var name = config.text("activation_function", "torch.nn.modules.activation.Tanh");
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
          case "Identity" -> IDENTITY;
          case "Tanh" -> TANH;
          case "ReLU" -> RELU;
          case "Sigmoid" -> SIGMOID;
          default ->
              throw config.wrong(
                  "activation_function",
                  TextModel.excerpt(name)
                      + " is no function that runs here: Identity, Tanh, ReLU, Sigmoid");
        };
      }

      double of(double x) {
        return switch (this) {
          case IDENTITY -> x;
          case TANH -> Math.tanh(x);
          case RELU -> Math.max(0, x);
          case SIGMOID -> 1 / (1 + Math.exp(-x));
        };
      }
    }

    static Dense load(Path folder) {
      var config = Checkpoint.config(folder);
      int inputs = config.positive("in_features", 0);
      int outputs = config.positive("out_features", 0);
      if (inputs == 0 || outputs == 0) {
        throw config.wrong("in_features", "it or out_features is missing: both are needed");
      }
      boolean biased = config.bool("bias", true);
      var function = Function.of(config);
      try (var region = Region.open();
          var checkpoint = Checkpoint.open(folder, Loading.COPY, region)) {
        var linear = checkpoint.weights().at("linear");
        var weight = linear.matrix("weight", outputs, inputs).toArray();
        var bias = biased ? vector(linear, "bias", outputs) : new float[outputs];
        return new Dense(folder.toString(), inputs, weight, bias, function);
      }
    }

    @Override
    public float[] apply(float[] vector) {
      var y = new float[bias.length];
      for (int row = 0; row < y.length; row++) {
        double sum = bias[row];
        for (int i = 0; i < inputs; i++) {
          sum += (double) weight[row * inputs + i] * vector[i];
        }
        y[row] = (float) function.of(sum);
      }
      return y;
    }

    @Override
    public int size(int before) {
      check(where, "in_features", inputs, before);
      return bias.length;
    }
  }

  /** A norm over the vector: (x - mean) / √(variance + ε), times a weight, plus a bias. */
  record Norm(String where, float[] weight, float[] bias) implements SentenceModule {
    private static final double EPSILON = 1e-5;

    static Norm load(Path folder) {
      var config = Checkpoint.config(folder);
      int size = config.positive("dimension", 0);
      if (size == 0) {
        throw config.wrong("dimension", "it is missing");
      }
      try (var region = Region.open();
          var checkpoint = Checkpoint.open(folder, Loading.COPY, region)) {
        var norm = checkpoint.weights().at("norm");
        return new Norm(
            folder.toString(), vector(norm, "weight", size), vector(norm, "bias", size));
      }
    }

    @Override
    public float[] apply(float[] vector) {
      double mean = 0;
      for (float x : vector) {
        mean += x;
      }
      mean /= vector.length;
      double variance = 0;
      for (float x : vector) {
        variance += (x - mean) * (x - mean);
      }
      double scale = 1 / Math.sqrt(variance / vector.length + EPSILON);
      var y = new float[vector.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) ((vector[i] - mean) * scale * weight[i] + bias[i]);
      }
      return y;
    }

    @Override
    public int size(int before) {
      check(where, "dimension", weight.length, before);
      return before;
    }
  }

  private static float[] vector(Weights at, String name, int size) {
    return at.vector(name, size, Weights.Init.ZEROS).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static void check(String where, String key, int wanted, int given) {
    if (wanted != given) {
      throw new CheckpointException(
          "%s: %s is %d, what comes before it gives %d numbers"
              .formatted(where, key, wanted, given));
    }
  }
}
