package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.file.NewContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a checkpoint file completely or not at all; see {@link NewContent}. */
public final class Replacement {
  private Replacement() {}

  /** Writes the new content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes the content to a file in the same folder, then renames it.
   *
   * @throws CheckpointException if it cannot be written
   */
  public static void of(Path file, Content content) {
    if (Files.isDirectory(file)) {
      throw new CheckpointException(file + " cannot be written: it is a folder");
    }
    try (var fresh = NewContent.of(file)) {
      content.writeTo(fresh.channel());
      fresh.finish();
    } catch (IOException e) {
      throw new CheckpointException(
          file + " cannot be written: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
