package io.lanewise.kernel.coldstart;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.openblas.BlasAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.memory.Matrix;

/** {@link VectorAttention}, replaced during the first calls of a process; see {@link ColdStart}. */
public final class ColdStartAttention implements Attention {
  private final ColdStart start;
  private final VectorAttention vector;

  public ColdStartAttention(ColdStart start, VectorAttention vector) {
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
