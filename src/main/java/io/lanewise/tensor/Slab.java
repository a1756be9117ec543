package io.lanewise.tensor;

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
 * <p>The first pass of a new size takes fresh chunks; when the outermost frame ends they are joined
 * into one, so that the next pass of that size allocates nothing. Memory is handed out as it is,
 * not zeroed. One thread at a time.
 *
 * <p>With {@code -Dlanewise.poison=true} (the tests) memory is filled with NaN when it is freed and
 * before it is first handed out, so that reading what was never written cannot go unseen.
 */
public final class Slab implements AutoCloseable {
  private static final boolean POISON = Boolean.getBoolean("lanewise.poison");
  private static final long FIRST_CHUNK = 1L << 20;

  /** A chunk has a region of its own, so that it can be given back before the others. */
  private record Chunk(Region region, MemorySegment memory) {
    static Chunk of(long bytes) {
      var region = Region.open();
      var memory = region.allocate(bytes);
      poison(memory, 0, bytes);
      return new Chunk(region, memory);
    }
  }

  private final List<Chunk> chunks = new ArrayList<>();
  private int current;
  private long top;
  private int depth;

  /** Frees what was taken since it was opened. Frames close in the reverse order of opening. */
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

  /** A slab that holds nothing yet. */
  public Slab() {}

  /** Opens a frame. */
  public Frame frame() {
    return new Frame();
  }

  /** Takes memory until the end of the innermost frame; 64-byte aligned, contents undefined. */
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
      chunks.add(Chunk.of(Math.max(size, Math.max(FIRST_CHUNK, bytes()))));
      top = 0;
    }
    var segment = chunks.get(current).memory.asSlice(top, bytes);
    top += size;
    return segment;
  }

  /** Room for {@code count} floats. */
  public MemorySegment floats(long count) {
    return take(Math.multiplyExact(count, Float.BYTES));
  }

  /** A matrix, contents undefined. */
  public Matrix matrix(int rows, int columns) {
    return Matrix.of(floats(Math.multiplyExact((long) rows, columns)), rows, columns);
  }

  /** Bytes that the slab holds, used or not. */
  public long bytes() {
    long sum = 0;
    for (var chunk : chunks) {
      sum += chunk.memory.byteSize();
    }
    return sum;
  }

  private void join() {
    if (chunks.size() > 1) {
      long sum = bytes();
      close();
      chunks.add(Chunk.of(sum));
    }
  }

  private static void poison(MemorySegment memory, long from, long to) {
    if (POISON && to > from) {
      memory.asSlice(from, to - from).fill((byte) 0xff); // every float a NaN
    }
  }

  /** Frees everything. */
  @Override
  public void close() {
    chunks.forEach(chunk -> chunk.region.close());
    chunks.clear();
    current = 0;
    top = 0;
  }
}
