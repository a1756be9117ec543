package io.lanewise.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A lock that prevents two processes from downloading the same file.
 *
 * <p>It only saves work: Java locks files by {@code fcntl}, Python's filelock by {@code flock}, and
 * on Linux these are independent of each other. Correctness does not depend on it, because complete
 * and verified files are renamed in one step.
 *
 * @param held null if the file system has no locks
 */
record BlobLock(FileChannel channel, FileLock held) implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /**
   * Acquires the lock; waits while another process has it.
   *
   * @param waits run once before waiting
   */
  static BlobLock take(Path file, Pauses pauses, Runnable waits) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean told = false;
    boolean done = false;
    try {
      while (true) {
        var lock = attempt(channel);
        if (lock.taken()) {
          done = true;
          return new BlobLock(channel, lock.held());
        }
        if (!told) {
          waits.run();
          told = true;
        }
        pauses.sleep(LOOK_AGAIN);
      }
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private record Attempt(boolean taken, FileLock held) {}

  private static Attempt attempt(FileChannel channel) {
    try {
      var lock = channel.tryLock();
      return new Attempt(lock != null, lock);
    } catch (OverlappingFileLockException e) {
      return new Attempt(false, null); // another thread of this process
    } catch (IOException e) {
      return new Attempt(true, null); // this file system has no locks
    }
  }

  /** Whether no other process of this library downloads the same file. */
  boolean isAlone() {
    return held != null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
