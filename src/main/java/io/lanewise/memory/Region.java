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
 * <p>Only this class creates arenas. On HotSpot {@link #open} uses a shared arena, and {@link
 * #close} frees its memory. A native image with the Vector API has no shared arenas; there the
 * garbage collector frees the memory, and closing only prevents further use through this object.
 */
public final class Region implements AutoCloseable {
  /** Vector loads that start at a cache line stay within it. */
  public static final long ALIGNMENT = 64;

  private volatile Arena arena; // null when closed, so that nothing else refers to the memory
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
   * A short-lived region for this thread only. Closing it is cheap; closing a shared one needs a
   * handshake with all threads.
   */
  public static Region scratch() {
    return new Region(Arena.ofConfined(), true);
  }

  /**
   * Zeroed memory, aligned to 64 bytes.
   *
   * @throws MemoryException if the system has no more memory
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

  /** Zeroed memory for {@code count} floats. */
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

  /** Bytes allocated so far. */
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
   * Frees everything; a second call does nothing. The caller has to make sure that the memory is
   * not in use.
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
