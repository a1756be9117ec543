package io.lanewise.kernel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Scratch for the inside of a call: borrowed, given back, used again, so that a forward pass leaves
 * nothing to the garbage collector. It belongs to the kernel that made the pool, not to threads.
 *
 * <p>A piece lies in a slot of its own and is taken out as a whole, so any number of threads may
 * come at once and none waits. Neither way allocates.
 *
 * @param <T> what is borrowed
 */
public final class ScratchPool<T> {
  private final AtomicReferenceArray<T> slots;

  /**
   * Nothing at first.
   *
   * @param limit the most pieces to keep for later; what is given back beyond that is let go
   */
  ScratchPool(int limit) {
    slots = new AtomicReferenceArray<>(limit);
  }

  /** A pool that the tasks of these threads share with those of several dozen other callers. */
  public static <T> ScratchPool<T> of(Workers workers) {
    return new ScratchPool<>(64 + workers.threads());
  }

  /** A piece that was given back, or a new one. */
  public T borrow(Supplier<? extends T> making) {
    var piece = poll();
    return piece != null ? piece : making.get();
  }

  /** A piece that was given back; null if there is none. */
  T poll() {
    for (int i = 0; i < slots.length(); i++) {
      // Looking first is cheap, and most slots of a pool at work are empty.
      if (slots.getOpaque(i) != null) {
        var piece = slots.getAndSet(i, null);
        if (piece != null) {
          return piece;
        }
      }
    }
    return null;
  }

  /** Takes a piece back, which whoever borrowed it must not touch any more. */
  public void giveBack(T piece) {
    for (int i = 0; i < slots.length(); i++) {
      if (slots.getOpaque(i) == null && slots.compareAndSet(i, null, piece)) {
        return;
      }
    }
  }
}
