package io.lanewise.kernel;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Arrays for the inside of a call: borrowed, given back, used again, so that a forward pass leaves
 * nothing to the garbage collector. They belong to the kernel that made this, not to threads.
 */
final class ScratchArrays {
  private final ConcurrentLinkedQueue<float[]> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final int limit;

  /**
   * Nothing at first.
   *
   * @param limit the most arrays to keep for later
   */
  ScratchArrays(int limit) {
    this.limit = limit;
  }

  /** An array of at least {@code length} floats with whatever in it. */
  float[] borrow(int length) {
    var array = free.poll();
    if (array != null) {
      kept.decrementAndGet();
      if (array.length >= length) {
        return array;
      }
    }
    return new float[length];
  }

  /** Takes an array back. */
  void giveBack(float[] array) {
    if (kept.incrementAndGet() <= limit) {
      free.add(array);
    } else {
      kept.decrementAndGet();
    }
  }
}
