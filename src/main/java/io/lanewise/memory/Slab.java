package io.lanewise.memory;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Off-heap memory for the activations of one forward pass: a pointer that moves up, and frames that
 * move it back.
 *
 * <pre>{@code
 * try (var _ = slab.frame()) {
 *   Matrix scores = slab.matrix(tokens, tokens);   // freed at the end of the block
 * }
 * }</pre>
 *
 * <p>The first pass of a new size allocates several chunks; they are freed when the outermost frame
 * ends, and the next pass allocates one chunk of their total size. From then on, passes of that
 * size allocate nothing. The contents of memory are undefined. Memory counts against a budget. Only
 * one thread may use a slab at a time.
 *
 * <p>With {@code -Dlanewise.poison=true} (used by the tests) memory is filled with NaN when it is
 * allocated and when it is freed, so that reading uninitialised memory changes the results.
 */
public final class Slab implements AutoCloseable {
  private static final boolean POISON = Boolean.getBoolean("lanewise.poison");
  private static final long FIRST_CHUNK = 1L << 20;

  /** A chunk has its own region, so that it can be freed before the others. */
  private record Chunk(Region region, MemorySegment memory) {
    static Chunk of(long bytes) {
      var region = Region.open();
      try {
        var memory = region.allocate(bytes);
        poison(memory, 0, bytes);
        return new Chunk(region, memory);
      } catch (RuntimeException e) {
        region.close();
        throw e;
      }
    }
  }

  private final MemoryBudget budget;
  private final List<Chunk> chunks = new ArrayList<>();
  private long wanted; // for the first chunk
  private long most; // in use at a time
  private int current;
  private long top;
  private int depth;

  /**
   * Frees the memory taken since the frame was opened. Frames close in the reverse order of
   * opening.
   */
  public final class Frame implements AutoCloseable {
    private final int chunk = current;
    private final long mark = top;
    private final int level = ++depth;
    private boolean open = true;

    private Frame() {}

    @Override
    public void close() {
      if (!open) {
        return;
      }
      if (depth != level) {
        throw new IllegalStateException("frames of a slab close in the reverse order of opening");
      }
      open = false;
      depth--;
      for (int i = chunk; i <= current && i < chunks.size(); i++) {
        long from = i == chunk ? mark : 0;
        poison(chunks.get(i).memory, from, i == current ? top : chunks.get(i).memory.byteSize());
      }
      current = chunk;
      top = mark;
      if (depth == 0) {
        join();
      }
    }
  }

  /** An empty slab without a limit. */
  public Slab() {
    this(MemoryBudget.unlimited());
  }

  /** An empty slab whose memory counts against this budget. */
  public Slab(MemoryBudget budget) {
    this.budget = budget;
  }

  /** Opens a frame. */
  public Frame frame() {
    return new Frame();
  }

  /**
   * Takes memory until the end of the innermost frame; 64-byte aligned, contents undefined.
   *
   * @throws io.lanewise.MemoryException if the budget or the system has no more memory
   */
  public MemorySegment take(long bytes) {
    if (depth == 0) {
      throw new IllegalStateException("open a frame first");
    }
    long size = Math.addExact(bytes, Region.ALIGNMENT - 1) & -Region.ALIGNMENT;
    while (current < chunks.size() && chunks.get(current).memory.byteSize() - top < size) {
      current++;
      top = 0;
    }
    if (current == chunks.size()) {
      chunks.add(newChunk(size));
      top = 0;
    }
    var segment = chunks.get(current).memory.asSlice(top, bytes);
    top += size;
    most = Math.max(most, inUse());
    return segment;
  }

  /**
   * A chunk as large as all before together, so that there are few; only the needed size if memory
   * is short.
   */
  private Chunk newChunk(long size) {
    long large = Math.max(size, Math.max(Math.max(FIRST_CHUNK, wanted), bytes()));
    long chosen = budget.fits(large) ? large : size;
    budget.take(chosen, bytes());
    boolean done = false;
    try {
      var chunk = Chunk.of(chosen);
      done = true;
      return chunk;
    } finally {
      if (!done) {
        budget.giveBack(chosen);
      }
    }
  }

  private long inUse() {
    long sum = top;
    for (int i = 0; i < current; i++) {
      sum += chunks.get(i).memory.byteSize();
    }
    return sum;
  }

  /** The largest number of bytes in use since the last call of this method. */
  long takeMost() {
    long taken = most;
    most = 0;
    return taken;
  }

  /** Memory for {@code count} floats, contents undefined. */
  public MemorySegment floats(long count) {
    return take(Math.multiplyExact(count, Float.BYTES));
  }

  /** A matrix, contents undefined. */
  public Matrix matrix(int rows, int columns) {
    return Matrix.of(floats(Math.multiplyExact((long) rows, columns)), rows, columns);
  }

  /** Bytes of all chunks, in use or not. */
  public long bytes() {
    long sum = 0;
    for (var chunk : chunks) {
      sum += chunk.memory.byteSize();
    }
    return sum;
  }

  private void join() {
    if (chunks.size() > 1) {
      long sum = most;
      close();
      wanted = sum;
    }
  }

  /**
   * Prepares the slab for calls of this size: frees its memory if it is more than twice as large.
   */
  void settle(long usual) {
    if (bytes() > 2 * usual) {
      close();
    }
    wanted = usual;
  }

  private static void poison(MemorySegment memory, long from, long to) {
    if (POISON && to > from) {
      memory.asSlice(from, to - from).fill((byte) 0xff); // every float a NaN
    }
  }

  /** Frees everything; the slab can be used again. */
  @Override
  public void close() {
    for (var chunk : chunks) {
      chunk.region.close();
      budget.giveBack(chunk.memory.byteSize());
    }
    chunks.clear();
    wanted = 0;
    current = 0;
    top = 0;
  }
}
