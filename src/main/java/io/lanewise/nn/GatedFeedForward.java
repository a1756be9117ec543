package io.lanewise.nn;

import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;

/**
 * Feed-forward layers with a gated linear unit (Shazeer 2020): {@code y = W₂ · (activation(gate ·
 * x) ∘ (value · x))}. With GELU it is called GEGLU, with SiLU SwiGLU.
 *
 * @param in both projections side by side, [hidden] to [2 * intermediate]
 * @param order which half is the gate
 */
public record GatedFeedForward(Linear in, Order order, Activation activation, Linear out)
    implements Mlp {
  /** Which half of what the first projection gives goes through the activation. */
  public enum Order {
    GATE_THEN_VALUE,
    VALUE_THEN_GATE
  }

  @Override
  public void apply(Pass pass, Matrix x, Matrix y) {
    try (var _ = pass.frame()) {
      int half = in.outputs() / 2;
      var wide = pass.matrix(x.rows(), in.outputs()); // [tokens, 2 * intermediate]
      in.apply(pass, x, wide);
      var first = wide.columns(0, half);
      var second = wide.columns(half, half);
      var value = order == Order.GATE_THEN_VALUE ? second : first;
      var gate = order == Order.GATE_THEN_VALUE ? first : second;
      pass.backend().rowwise().gate(activation, gate, value);
      pass.dropout().activation(pass, value);
      out.apply(pass, value, y); // [tokens, hidden]
    }
  }
}
