package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * {@link Attention} with the Vector API: a few queries at a time go from scores to context while
 * their scores lie in the nearest cache, so that no matrix of scores is ever stored.
 *
 * <p>A task is one head of one sequence, or some of its queries where there are fewer heads than
 * threads could share, or a few heads where they are small. A decoder's step, a few queries that
 * ask many keys, goes the way of {@link FewQueries}.
 */
public final class VectorAttention implements Attention {
  /** Multiply-adds that are worth a task of their own: a few microseconds. */
  private static final long TASK = 200_000;

  /** Queries of a task at least: a task packs the keys and values for itself. */
  private static final int PART = 48;

  private final Workers workers;
  private final ConcurrentLinkedQueue<AttentionHead> free = new ConcurrentLinkedQueue<>();

  private final ConcurrentLinkedQueue<FewQueries> freeFew = new ConcurrentLinkedQueue<>();

  /** Kernels that share their work among these threads. */
  public VectorAttention(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    int heads = Math.multiplyExact(a.batch(), a.heads());
    if (heads == 0 || a.queries() == 0) {
      return;
    }
    if (FewQueries.suit(a)) {
      attendFew(a, probabilities, out);
      return;
    }
    int parts = parts(heads, a.queries());
    int part = Math.ceilDiv(Math.ceilDiv(a.queries(), parts), Panels.ROWS) * Panels.ROWS;
    long cost = (Math.min(part, a.queries()) + 8L) * a.keys() * a.headSize() * 2;
    int group = parts > 1 ? 1 : Math.clamp(TASK / cost, 1, heads);
    int tasks = Math.ceilDiv(heads, group) * Math.ceilDiv(a.queries(), part);
    workers.run(
        tasks,
        task -> {
          var head = borrow();
          int from = task % Math.ceilDiv(a.queries(), part) * part;
          int first = task / Math.ceilDiv(a.queries(), part) * group;
          for (int i = first; i < Math.min(first + group, heads); i++) {
            int queries = Math.min(part, a.queriesOf(i / a.heads()) - from);
            if (queries > 0) {
              head.attend(a, i, from, queries, probabilities, out);
            }
          }
          free.add(head);
        });
  }

  private void attendFew(Arguments a, Matrix probabilities, Matrix out) {
    long cost = 4L * a.queries() * a.keys() * a.headSize();
    int group = workers.threads() == 1 ? a.heads() : Math.clamp(TASK / cost, 1, a.heads());
    int groups = Math.ceilDiv(a.heads(), group);
    workers.run(
        a.batch() * groups,
        task -> {
          var few = freeFew.poll();
          if (few == null) {
            few = new FewQueries();
          }
          int head = task % groups * group;
          int count = Math.min(group, a.heads() - head);
          few.attend(a, task / groups, head, count, probabilities, out);
          freeFew.add(few);
        });
  }

  private int parts(int heads, int queries) {
    if (workers.threads() == 1) {
      return 1;
    }
    int wanted = Math.ceilDiv(4 * workers.threads(), heads);
    return Math.clamp(wanted, 1, Math.max(1, queries / PART));
  }

  private AttentionHead borrow() {
    var head = free.poll();
    return head != null ? head : new AttentionHead();
  }
}
