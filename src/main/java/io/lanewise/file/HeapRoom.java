package io.lanewise.file;

import io.lanewise.CheckpointException;

/**
 * A limit for the Java heap memory of the objects read from one file. It is checked before objects
 * are created whose size depends on the file: a small file can describe large objects, and running
 * out of memory would also break all other threads.
 *
 * <p>Sizes are estimates. Not thread-safe.
 */
public final class HeapRoom {
  /** A list or map, with its table. */
  public static final int CONTAINER = 64;

  /** An entry of a map, without its key and its value. */
  public static final int ENTRY = 64;

  /** A small object, such as a boxed number. */
  public static final int OBJECT = 24;

  /**
   * One file may use a quarter of the heap, because objects made from it later need as much again.
   */
  private static final int SHARE = 4;

  private final String where;
  private final long most;
  private long taken;

  private HeapRoom(String where, long most) {
    this.where = where;
    this.most = most;
  }

  /**
   * The limit for a file in this JVM.
   *
   * @param where name of the file in messages
   */
  public static HeapRoom of(String where) {
    return of(where, Runtime.getRuntime().maxMemory());
  }

  /**
   * The limit for a file with a heap that may grow to this size.
   *
   * @param heap in bytes
   */
  static HeapRoom of(String where, long heap) {
    return new HeapRoom(where, heap / SHARE);
  }

  /**
   * Counts memory.
   *
   * @param bytes at least 0
   * @throws CheckpointException if it exceeds the limit
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

  /** Counts the memory of a text. */
  public void takeText(String text) {
    take(2L * OBJECT + text.length());
  }
}
