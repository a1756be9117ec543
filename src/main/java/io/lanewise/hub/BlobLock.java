package io.lanewise.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Keeps two processes from fetching the same file twice.
 *
 * <p>It saves work, no more: Java locks files by {@code fcntl}, Python's filelock by {@code flock},
 * and on Linux these do not see each other. What is right does not depend on it, because files take
 * their place in one step, whole and verified.
 *
 * @param held null where the file system has no locks
 */
record BlobLock(FileChannel channel, FileLock held) implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /**
   * Takes the lock, and waits for whoever has it.
   *
   * @param waits run once before it waits
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
      return new Attempt(true, null); // no locks here
    }
  }

  /** Whether no other process of ours fetches the same file. */
  boolean isAlone() {
    return held != null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
