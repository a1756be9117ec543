package io.lanewise.kernel.vector;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.HeadTasks;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.ScratchPool;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;

/**
 * {@link Attention} with the Vector API. A few queries at a time are computed from scores to
 * context while their scores are in the first-level cache, so no matrix of all scores is stored. A
 * decoder's step, with few queries and many keys, is computed by {@link FewQueryAttention}.
 */
public final class VectorAttention implements Attention {
  /** The fewest multiply-adds of a task of few queries: a few microseconds. */
  private static final long TASK = 200_000;

  private final Workers workers;
  private final HeadTasks tasks;
  private final ScratchPool<FewQueryAttention> free;

  /** Attention that runs on these threads. */
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
    long least = Math.max(TASK / cost, heads / (2 * workers.threads()));
    int group = workers.threads() == 1 ? a.heads() : Math.clamp(least, 1, a.heads());
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
