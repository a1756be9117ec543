package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;

/**
 * One vector for a sequence: {@code activation(W · x + b)} of its first token, mostly with {@code
 * tanh}.
 */
public record Pooler(Linear dense, Activation activation) {
  /**
   * Loads the {@code weight} [hidden, hidden] and {@code bias} at this place, with {@code tanh}.
   */
  public static Pooler load(Packing packing, int hidden, Weights dense) {
    return load(packing, hidden, Activation.TANH, dense);
  }

  /** The same with another activation. */
  public static Pooler load(Packing packing, int hidden, Activation activation, Weights dense) {
    return new Pooler(Linear.load(packing, hidden, hidden, dense), activation);
  }

  /**
   * Pools each sequence.
   *
   * @param x [batch * tokens, hidden], without gaps between the rows
   * @param y [batch, hidden], written
   */
  public void apply(Pass pass, Matrix x, int batch, Matrix y) {
    int stride = Math.multiplyExact(x.rows() / batch, x.columns());
    var first = new Matrix(x.data(), batch, x.columns(), stride); // [batch, hidden]
    dense.apply(pass, first, activation, y);
  }
}
