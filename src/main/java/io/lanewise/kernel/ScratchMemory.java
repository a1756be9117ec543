package io.lanewise.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory outside the heap for the inside of a call: borrowed, given back, used again, as {@link
 * ScratchArrays} are on the heap.
 */
final class ScratchMemory {
  private static final long ALIGNMENT = 64;

  private final ConcurrentLinkedQueue<MemorySegment> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final int limit;

  /**
   * Nothing at first.
   *
   * @param limit the most pieces to keep for later
   */
  ScratchMemory(int limit) {
    this.limit = limit;
  }

  /** At least {@code bytes} bytes with whatever in them, from the start of a cache line on. */
  MemorySegment borrow(long bytes) {
    var memory = free.poll();
    if (memory != null) {
      kept.decrementAndGet();
      if (memory.byteSize() >= bytes) {
        return memory;
      }
    }
    return Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }

  /** Takes memory back. */
  void giveBack(MemorySegment memory) {
    if (kept.incrementAndGet() <= limit) {
      free.add(memory);
    } else {
      kept.decrementAndGet();
    }
  }
}
