package io.lanewise.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A pool of scratch objects. A call borrows one and gives it back, so that a forward pass leaves no
 * garbage. The pool belongs to a kernel, not to threads.
 *
 * <p>Each object has a slot of its own in the pool. Any number of threads may borrow at the same
 * time, without waiting and without allocation.
 *
 * @param <T> type of the objects
 */
public final class ScratchPool<T> {
  private final AtomicReferenceArray<T> slots;

  /**
   * An empty pool.
   *
   * @param limit the most objects to keep; more than these are dropped when they are given back
   */
  ScratchPool(int limit) {
    slots = new AtomicReferenceArray<>(limit);
  }

  /** A pool with enough slots for the tasks of these threads and of several dozen other callers. */
  public static <T> ScratchPool<T> of(Workers workers) {
    return new ScratchPool<>(64 + workers.threads());
  }

  /** An object from the pool, or a new one. */
  public T borrow(Supplier<? extends T> making) {
    var piece = poll();
    return piece != null ? piece : making.get();
  }

  /** An object from the pool; null if it is empty. */
  T poll() {
    for (int i = 0; i < slots.length(); i++) {
      // A plain read is cheap, and most slots of a pool in use are empty.
      if (slots.getOpaque(i) != null) {
        var piece = slots.getAndSet(i, null);
        if (piece != null) {
          return piece;
        }
      }
    }
    return null;
  }

  /** Returns an object to the pool; the borrower must not use it any more. */
  public void giveBack(T piece) {
    for (int i = 0; i < slots.length(); i++) {
      if (slots.getOpaque(i) == null && slots.compareAndSet(i, null, piece)) {
        return;
      }
    }
  }
}
