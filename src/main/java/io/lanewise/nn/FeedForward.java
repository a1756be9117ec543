package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;

/**
 * The two linear layers behind the attention, {@code y = W₂ · activation(W₁ · x)} (Vaswani et al.
 * 2017, section 3.3).
 */
public record FeedForward(Linear in, Activation activation, Linear out) implements Mlp {
  /**
   * Loads both layers.
   *
   * @param intermediate features between them
   */
  public static FeedForward load(
      Packing packing,
      int hidden,
      int intermediate,
      Activation activation,
      Weights in,
      Weights out) {
    return new FeedForward(
        Linear.load(packing, hidden, intermediate, in),
        activation,
        Linear.load(packing, intermediate, hidden, out));
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    try (var _ = pass.frame()) {
      var wide = pass.matrix(x.rows(), in.outputs()); // [tokens, intermediate]
      in.apply(pass, x, activation, wide);
      pass.dropout().activation(pass, wide);
      out.apply(pass, wide, y); // [tokens, hidden]
    }
  }
}
