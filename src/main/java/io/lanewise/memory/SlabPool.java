package io.lanewise.memory;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A pool of slabs for consecutive calls, so that a call of a usual size allocates nothing.
 *
 * <p>A size is usual if at least two of the last {@value #CALLS} calls needed it; sizes above an
 * eighth of the budget never are. A slab of more than twice the usual size is freed when its call
 * ends, and so is a slab that has not been used for {@value #CALLS} calls. So the memory of a
 * single large call is freed at its end. Thread-safe.
 */
public final class SlabPool implements AutoCloseable {
  private static final int CALLS = 32;

  /** Slabs smaller than this are always kept. */
  private static final long SMALL = 1 << 20;

  /** An unused slab, and the number of the call that last used it. */
  private record Kept(Slab slab, long call) {}

  private final MemoryBudget budget;
  private final Deque<Kept> kept = new ArrayDeque<>(); // the most recently used first
  private final long[] needs = new long[CALLS];
  private final MemoryBudget.Idle idle = this::free;
  private long call;
  private boolean closed;

  /** An empty pool. */
  public SlabPool(MemoryBudget budget) {
    this.budget = budget;
    budget.add(idle);
  }

  /** A slab for one call. */
  public synchronized Slab borrow() {
    return kept.isEmpty() ? new Slab(budget) : kept.pop().slab;
  }

  /** Returns a slab at the end of a call, which must not use it any more. */
  public synchronized void giveBack(Slab slab) {
    needs[(int) (call++ % CALLS)] = slab.takeMost();
    if (closed) {
      slab.close();
      return;
    }
    slab.settle(usual());
    kept.push(new Kept(slab, call));
    while (kept.getLast().call + CALLS < call) {
      kept.removeLast().slab.close();
    }
  }

  /** The second largest size of the last calls. */
  private long usual() {
    long largest = 0;
    long second = 0;
    for (long need : needs) {
      if (need > largest) {
        second = largest;
        largest = need;
      } else if (need > second) {
        second = need;
      }
    }
    return second > budget.bytes() / 8 ? SMALL : Math.max(SMALL, second);
  }

  /** Bytes that are kept for later calls. */
  public synchronized long bytes() {
    return kept.stream().mapToLong(each -> each.slab.bytes()).sum();
  }

  private synchronized void free() {
    kept.forEach(each -> each.slab.close());
    kept.clear();
  }

  /** Frees the unused slabs; slabs in use are freed when they are returned. */
  @Override
  public synchronized void close() {
    closed = true;
    free();
    budget.remove(idle);
  }
}
