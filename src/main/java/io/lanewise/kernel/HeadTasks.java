package io.lanewise.kernel;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.memory.Matrix;
import java.util.function.Supplier;

/**
 * Divides the heads of a call among threads. A task is one head of one sequence, or some of its
 * queries if there are too few heads for the threads, or several heads if they are small.
 */
public final class HeadTasks {
  /** The fewest multiply-adds of a task: a few microseconds. */
  private static final long TASK = 200_000;

  /** The fewest queries of a task, because each task packs the keys and values again. */
  private static final int PART = 48;

  private final Workers workers;
  private final int tile;
  private final Supplier<HeadKernel> newHead;
  private final ScratchPool<HeadKernel> free;

  /**
   * Creates heads when they are needed, and reuses them.
   *
   * @param tile queries that a head computes together
   */
  public HeadTasks(Workers workers, int tile, Supplier<HeadKernel> newHead) {
    this.workers = workers;
    this.tile = tile;
    this.newHead = newHead;
    this.free = ScratchPool.of(workers);
  }

  /** See {@link Attention#dense}; the operands have been checked. */
  public void run(Arguments a, Matrix probabilities, Matrix out) {
    int heads = Math.multiplyExact(a.batch(), a.heads());
    if (heads == 0 || a.queries() == 0) {
      return;
    }
    int parts = parts(heads, a.queries());
    int part = Math.ceilDiv(Math.ceilDiv(a.queries(), parts), tile) * tile;
    long cost = (Math.min(part, a.queries()) + 8L) * a.keys() * a.headSize() * 2;
    int group = parts > 1 ? 1 : group(heads, cost, workers.threads());
    int tasks = Math.ceilDiv(heads, group) * Math.ceilDiv(a.queries(), part);
    workers.run(
        tasks,
        task -> {
          var head = free.borrow(newHead);
          int from = task % Math.ceilDiv(a.queries(), part) * part;
          int first = task / Math.ceilDiv(a.queries(), part) * group;
          for (int i = first; i < Math.min(first + group, heads); i++) {
            int queries = Math.min(part, a.queriesOf(i / a.heads()) - from);
            if (queries > 0) {
              head.attend(a, i, from, queries, probabilities, out);
            }
          }
          free.giveBack(head);
        });
  }

  /**
   * Heads of a task: as many as make it long enough; fewer if some threads would have more tasks
   * than others. Three tasks of four heads take two threads longer than four tasks of three.
   *
   * @param cost multiply-adds of a head
   */
  static int group(int heads, long cost, int threads) {
    int longEnough = Math.clamp(TASK / cost, 1, heads);
    int tasks = Math.ceilDiv(heads, longEnough);
    return tasks <= threads
        ? longEnough
        : Math.ceilDiv(heads, Math.ceilDiv(tasks, threads) * threads);
  }

  private int parts(int heads, int queries) {
    if (workers.threads() == 1) {
      return 1;
    }
    int wanted = Math.ceilDiv(4 * workers.threads(), heads);
    return Math.clamp(wanted, 1, Math.max(1, queries / PART));
  }
}
