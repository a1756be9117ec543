package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Region;
import io.lanewise.task.Embedding;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/** What a folder of sentence-transformers does with a text's vector after the pooling. */
public sealed interface SentenceModule {
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
   * @param slope of the function, where it has one
   */
  record Dense(
      String where, int inputs, float[] weight, float[] bias, TorchFunction function, double slope)
      implements SentenceModule {
    private static final String FUNCTION = "activation_function";

    private static TorchFunction function(Config config) {
      var name = config.text(FUNCTION, "torch.nn.modules.activation.Tanh");
      return TorchFunction.named(config, FUNCTION, name);
    }

    /** It works on the vector of the text; what it may do to those of the tokens is not built. */
    private static void checkPlace(Config config) {
      for (var key : List.of("module_input_name", "module_output_name")) {
        var _ = config.choice(key, List.of("sentence_embedding"));
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
      var function = function(config);
      checkPlace(config);
      try (var region = Region.open();
          var checkpoint = OpenedFolder.open(folder, config, Loading.COPY, region)) {
        var weights = checkpoint.weights();
        var linear = weights.at("linear");
        var weight = linear.matrix("weight", outputs, inputs).toArray();
        var bias = biased ? vector(linear, "bias", outputs) : new float[outputs];
        double slope =
            function == TorchFunction.PRELU
                ? vector(weights.at("activation_function"), "weight", 1)[0]
                : TorchFunction.SLOPE;
        return new Dense(folder.toString(), inputs, weight, bias, function, slope);
      }
    }

    @Override
    public float[] apply(float[] vector) {
      var sums = new double[bias.length];
      for (int row = 0; row < sums.length; row++) {
        double sum = bias[row];
        for (int i = 0; i < inputs; i++) {
          sum += (double) weight[row * inputs + i] * vector[i];
        }
        sums[row] = sum;
      }
      return function.apply(sums, slope);
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
          var checkpoint = OpenedFolder.open(folder, config, Loading.COPY, region)) {
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
