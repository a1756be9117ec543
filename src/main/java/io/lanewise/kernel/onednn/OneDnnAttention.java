package io.lanewise.kernel.onednn;

import io.lanewise.BackendException;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.HeadTasks;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.vector.FewQueryAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.memory.Matrix;

/**
 * {@link Attention} with both products in bf16, by oneDNN. Queries, keys, values and probabilities
 * are rounded; sums and the softmax are computed in floats. Sequences of few queries are computed
 * in floats throughout: the steps of a decoder are those of {@link VectorAttention}, which reads
 * keys and values in place.
 */
public final class OneDnnAttention implements Attention {
  private final HeadTasks tasks;
  private final VectorAttention steps;

  /**
   * Loads oneDNN.
   *
   * @throws BackendException if oneDNN cannot be found or loaded, or the processor has no
   *     instructions for bf16
   */
  public OneDnnAttention(Workers workers) {
    OneDnnLibrary.load();
    OneDnnLibrary.refusal(Precision.BFLOAT16)
        .ifPresent(
            refusal -> {
              throw new BackendException("no attention by oneDNN: " + refusal);
            });
    var products = new OneDnnHeadProducts();
    this.tasks = new HeadTasks(workers, OneDnnHead.FEWEST_ROWS, () -> new OneDnnHead(products));
    this.steps = new VectorAttention(workers);
  }

  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    if (FewQueryAttention.suit(a)) {
      steps.dense(a, probabilities, out);
    } else {
      tasks.run(a, probabilities, out);
    }
  }
}
