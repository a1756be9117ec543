package io.lanewise.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pool of off-heap scratch memory of any size; see {@link ScratchPool}. The garbage collector
 * frees it, because no model owns it.
 */
public final class ScratchMemory {
  private static final long ALIGNMENT = 64;

  private final ScratchPool<MemorySegment> free;

  /**
   * An empty pool.
   *
   * @param limit the most pieces to keep
   */
  public ScratchMemory(int limit) {
    free = new ScratchPool<>(limit);
  }

  /** At least {@code bytes} bytes, contents undefined, aligned to a cache line. */
  public MemorySegment borrow(long bytes) {
    var memory = free.poll();
    return memory != null && memory.byteSize() >= bytes
        ? memory
        : Arena.ofAuto().allocate(bytes, ALIGNMENT);
  }

  /** Returns memory to the pool. */
  public void giveBack(MemorySegment memory) {
    free.giveBack(memory);
  }
}
