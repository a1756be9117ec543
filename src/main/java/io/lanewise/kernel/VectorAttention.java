package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;

/**
 * {@link Attention} with the Vector API: a few queries at a time go from scores to context while
 * their scores lie in the nearest cache, so that no matrix of scores is ever stored.
 */
public final class VectorAttention implements Attention {
  private final HeadTasks tasks;

  /** Kernels that share their work among these threads. */
  public VectorAttention(Workers workers) {
    this.tasks = new HeadTasks(workers, Panels.ROWS, AttentionHead::new);
  }

  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    tasks.run(a, probabilities, out);
  }
}
