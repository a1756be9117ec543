package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A new content for a file that takes the old one's place in one step: who reads or maps the old
 * one keeps it, and a failure on the way leaves it untouched.
 */
final class Replacement {
  private Replacement() {}

  /** What writes the new content. */
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes the content beside the file, then moves it there.
   *
   * @throws CheckpointException if it cannot be written
   */
  static void of(Path file, Content content) {
    var target = file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new CheckpointException(file + " cannot be written: it is a folder");
    }
    var fresh = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (var channel =
          FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      move(fresh, target);
    } catch (IOException e) {
      throw new CheckpointException(
          file + " cannot be written: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    } finally {
      drop(fresh);
    }
  }

  private static void move(Path fresh, Path target) throws IOException {
    try {
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void drop(Path fresh) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      // The failure that left it there is already on its way to the caller.
    }
  }
}
