package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;

/** {@link VectorAttention}, but for the first calls of a process; see {@link ColdStart}. */
public final class ColdStartAttention implements Attention {
  private final ColdStart start;
  private final VectorAttention vector;

  ColdStartAttention(ColdStart start, VectorAttention vector) {
    this.start = start;
    this.vector = vector;
  }

  @Override
  public void dense(Arguments arguments, Matrix probabilities, Matrix out) {
    var first = start.attention();
    if (first != null && BlasAttention.canDo(arguments, probabilities)) {
      first.dense(arguments, null, out);
    } else {
      vector.dense(arguments, probabilities, out);
    }
  }
}
