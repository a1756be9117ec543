package io.lanewise.file;

import io.lanewise.CheckpointException;

/**
 * How much of the Java heap is left for what one file is turned into. Whoever reads a file asks
 * before it makes something of a size that the file decides: a small file can describe much, and
 * running out of memory would hit all other threads too.
 *
 * <p>Sizes are estimates of what objects take. Used by one thread.
 */
public final class HeapRoom {
  /** A list or map, with its table. */
  public static final int CONTAINER = 64;

  /** An entry of a map, without its key and its value. */
  public static final int ENTRY = 64;

  /** A small object, such as a boxed number. */
  public static final int OBJECT = 24;

  /** One file may take a quarter of the heap: what is made of it later takes as much again. */
  private static final int SHARE = 4;

  private final String where;
  private final long most;
  private long taken;

  private HeapRoom(String where, long most) {
    this.where = where;
    this.most = most;
  }

  /**
   * A file's room in this JVM.
   *
   * @param where what messages call the file
   */
  public static HeapRoom of(String where) {
    return of(where, Runtime.getRuntime().maxMemory());
  }

  /**
   * A file's room in a heap that may grow to this size.
   *
   * @param heap in bytes
   */
  static HeapRoom of(String where, long heap) {
    return new HeapRoom(where, heap / SHARE);
  }

  /**
   * Takes some of it.
   *
   * @param bytes at least 0
   * @throws CheckpointException if there is not so much
   */
  public void take(long bytes) {
    if (bytes > most - taken) {
      throw new CheckpointException(
          where
              + ": what it holds needs more than "
              + (most >> 20)
              + " MiB, a quarter of the Java heap: check that it is the file it should be, or raise"
              + " -Xmx");
    }
    taken += bytes;
  }

  /** Takes room for a text. */
  public void takeText(String text) {
    take(2L * OBJECT + text.length());
  }
}
