package io.lanewise.kernel.vector;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.HeadTasks;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.ScratchPool;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;

/**
 * {@link Attention} with the Vector API: a few queries at a time go from scores to context while
 * their scores lie in the nearest cache, so that no matrix of scores is ever stored. A decoder's
 * step, a few queries that ask many keys, goes the way of {@link FewQueryAttention}.
 */
public final class VectorAttention implements Attention {
  /** Multiply-adds of a few queries that are worth a task of their own: a few microseconds. */
  private static final long TASK = 200_000;

  private final Workers workers;
  private final HeadTasks tasks;
  private final ScratchPool<FewQueryAttention> free;

  /** Kernels that share their work among these threads. */
  public VectorAttention(Workers workers) {
    this.workers = workers;
    this.free = ScratchPool.of(workers);
    this.tasks = new HeadTasks(workers, Panels.GROUP, VectorHead::new);
  }

  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    if (FewQueryAttention.suit(a)) {
      attendFew(a, probabilities, out);
    } else {
      tasks.run(a, probabilities, out);
    }
  }

  private void attendFew(Arguments a, Matrix probabilities, Matrix out) {
    int heads = Math.multiplyExact(a.batch(), a.heads());
    if (heads == 0 || a.queries() == 0) {
      return;
    }
    long cost = 4L * a.queries() * a.keys() * a.headSize();
    int group = workers.threads() == 1 ? a.heads() : Math.clamp(TASK / cost, 1, a.heads());
    int groups = Math.ceilDiv(a.heads(), group);
    workers.run(
        a.batch() * groups,
        task -> {
          var few = free.borrow(FewQueryAttention::new);
          int head = task % groups * group;
          int count = Math.min(group, a.heads() - head);
          few.attend(a, task / groups, head, count, probabilities, out);
          free.giveBack(few);
        });
  }
}
