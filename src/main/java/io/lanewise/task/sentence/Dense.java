package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A linear layer and a function, and what goes around them: f(W·x + b), plus x or R·x if the file
 * asks for a residual.
 *
 * @param slope of the function, where it has one
 * @param residual whether x is added
 * @param projection what makes the size of x fit then; empty where it fits
 */
record Dense(
    String where,
    LinearLayer linear,
    TorchFunction function,
    double slope,
    boolean residual,
    Optional<LinearLayer> projection)
    implements SentenceModule {
  private static final String FUNCTION = "activation_function";

  /**
   * That of a folder.
   *
   * @param place what it must work on
   * @param unlessNamed what it works on if its file does not say
   */
  static Dense load(Path folder, String place, String unlessNamed) {
    var config = Checkpoint.config(folder);
    int inputs = config.positive("in_features", 0);
    int outputs = config.positive("out_features", 0);
    if (inputs == 0 || outputs == 0) {
      throw config.wrong("in_features", "it or out_features is missing: both are needed");
    }
    boolean biased = config.bool("bias", true);
    boolean residual = config.bool("use_residual", false);
    var function = function(config);
    SentenceModule.checkPlace(config, place, unlessNamed);
    return SentenceModule.read(
        folder,
        config,
        weights ->
            new Dense(
                folder.toString(),
                LinearLayer.of(weights.at("linear"), outputs, inputs, biased),
                function,
                function == TorchFunction.PRELU
                    ? SentenceModule.vector(weights.at(FUNCTION), "weight", 1)[0]
                    : TorchFunction.SLOPE,
                residual,
                residual && inputs != outputs
                    ? Optional.of(LinearLayer.of(weights.at("residual"), outputs, inputs, false))
                    : Optional.empty()));
  }

  private static TorchFunction function(Config config) {
    var name = config.text(FUNCTION, "torch.nn.modules.activation.Tanh");
    return TorchFunction.named(config, FUNCTION, name);
  }

  /** The linear layer alone. */
  static Dense of(String where, LinearLayer linear) {
    return new Dense(
        where, linear, TorchFunction.IDENTITY, TorchFunction.SLOPE, false, Optional.empty());
  }

  @Override
  public float[] apply(float[] vector) {
    var y = function.apply(linear.apply(vector, 0), slope);
    if (residual) {
      var added = projection.map(layer -> layer.apply(vector, 0));
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) (y[i] + (added.isPresent() ? added.get()[i] : vector[i]));
      }
    }
    return y;
  }

  @Override
  public int size(int before) {
    SentenceModule.checkSize(where, "in_features", linear.inputs(), before);
    return linear.outputs();
  }
}
