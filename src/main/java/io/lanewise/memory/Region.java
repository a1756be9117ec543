package io.lanewise.memory;

import io.lanewise.MemoryException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Off-heap memory with one lifetime: the mapped checkpoint, packed weights and tables of a model,
 * or the chunks of a {@link Slab}.
 *
 * <p>The only class that decides the kind of an arena. On HotSpot {@link #open} gives shared memory
 * that {@link #close} really frees. A native image has no shared arenas beside the Vector API, so
 * there the garbage collector frees it and closing only refuses further use through this object.
 */
public final class Region implements AutoCloseable {
  /** Vector loads that start on a cache line never split one. */
  public static final long ALIGNMENT = 64;

  private volatile Arena arena; // null once it is closed: nothing else keeps its memory
  private final boolean closeable;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LongAdder allocated = new LongAdder();
  private final LongAdder mapped = new LongAdder();

  private Region(Arena arena, boolean closeable) {
    this.arena = arena;
    this.closeable = closeable;
  }

  /** A region that any thread may use. */
  public static Region open() {
    return NativeImage.isHere()
        ? new Region(Arena.ofAuto(), false)
        : new Region(Arena.ofShared(), true);
  }

  /**
   * A short-lived region for this thread alone: closing it waits for nobody, where one that any
   * thread may use has to ask them all.
   */
  public static Region scratch() {
    return new Region(Arena.ofConfined(), true);
  }

  /**
   * Zeroed memory, aligned to 64 bytes.
   *
   * @throws MemoryException if the system gives no more
   */
  public MemorySegment allocate(long bytes) {
    try {
      var segment = live().allocate(bytes, ALIGNMENT);
      allocated.add(bytes);
      return segment;
    } catch (OutOfMemoryError e) {
      throw new MemoryException(
          "the system gives no %,d MB more outside the heap: take a smaller model or batch, or give the process more memory"
              .formatted(Math.ceilDiv(bytes, 1 << 20)),
          e);
    }
  }

  /** Zeroed room for {@code count} floats. */
  public MemorySegment floats(long count) {
    return allocate(Math.multiplyExact(count, Float.BYTES));
  }

  /** A copy of these floats. */
  public MemorySegment copyOf(float[] values) {
    var segment = floats(values.length);
    MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
    return segment;
  }

  /** A zeroed matrix. */
  public Matrix matrix(int rows, int columns) {
    return Matrix.of(floats(Math.multiplyExact((long) rows, columns)), rows, columns);
  }

  /** Maps a part of a file, read-only. */
  public MemorySegment map(FileChannel channel, long offset, long size) throws IOException {
    var segment = channel.map(FileChannel.MapMode.READ_ONLY, offset, size, live());
    mapped.add(size);
    return segment;
  }

  /** Bytes handed out by the allocating methods. */
  public long allocatedBytes() {
    return allocated.sum();
  }

  /** Bytes of files mapped. */
  public long mappedBytes() {
    return mapped.sum();
  }

  private Arena live() {
    var open = arena;
    if (open == null) {
      throw new IllegalStateException("this memory has been freed");
    }
    return open;
  }

  /**
   * Frees everything; a second call does nothing. The caller sees to it that nobody is using it.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      var open = arena;
      arena = null;
      if (closeable) {
        open.close();
      }
    }
  }
}
