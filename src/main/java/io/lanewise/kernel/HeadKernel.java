package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.onednn.OneDnnHead;
import io.lanewise.kernel.vector.VectorHead;
import io.lanewise.memory.Matrix;

/** Computes the attention of one head of one sequence at a time; owns its scratch memory. */
public sealed interface HeadKernel permits VectorHead, OneDnnHead {
  /**
   * Computes the attention of some of the queries.
   *
   * @param index {@code sequence * heads + head}
   * @param from the first query
   */
  void attend(Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out);
}
