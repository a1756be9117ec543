package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.onednn.OneDnnHead;
import io.lanewise.kernel.vector.VectorHead;
import io.lanewise.memory.Matrix;

/** What computes the attention of one head of one sequence at a time, with its scratch memory. */
public sealed interface HeadKernel permits VectorHead, OneDnnHead {
  /**
   * Attends with some of the queries.
   *
   * @param index {@code sequence * heads + head}
   * @param from the first query
   */
  void attend(Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out);
}
