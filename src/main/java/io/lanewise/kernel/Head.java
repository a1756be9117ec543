package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.tensor.Matrix;

/** What computes the attention of one head of one sequence at a time, with its scratch memory. */
sealed interface Head permits AttentionHead, OneDnnHead {
  /**
   * Attends with some of the queries.
   *
   * @param index {@code sequence * heads + head}
   * @param from the first query
   */
  void attend(Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out);
}
