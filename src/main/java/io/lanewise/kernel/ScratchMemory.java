package io.lanewise.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory outside the heap for the inside of a call, of any size, in a {@link ScratchPool}. The
 * garbage collector frees it, since no model owns it.
 */
public final class ScratchMemory {
  private static final long ALIGNMENT = 64;

  private final ScratchPool<MemorySegment> free;

  /**
   * Nothing at first.
   *
   * @param limit the most pieces to keep for later
   */
  public ScratchMemory(int limit) {
    free = new ScratchPool<>(limit);
  }

  /** At least {@code bytes} bytes with whatever in them, from the start of a cache line on. */
  public MemorySegment borrow(long bytes) {
    var memory = free.poll();
    return memory != null && memory.byteSize() >= bytes
        ? memory
        : Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }

  /** Takes memory back. */
  public void giveBack(MemorySegment memory) {
    free.giveBack(memory);
  }
}
