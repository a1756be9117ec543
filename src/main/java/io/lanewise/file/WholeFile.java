package io.lanewise.file;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads a file of a model folder from beginning to end. Links are followed, because in the cache of
 * the Hugging Face Hub every file is a link. The target must be a regular file: reading a FIFO
 * could block for ever, and a device could be endless.
 */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Checks the target of a path.
   *
   * @return its size in bytes
   * @throws CheckpointException if it does not exist or is not a regular file
   */
  public static long check(Path file) {
    try {
      var found = Files.readAttributes(file, BasicFileAttributes.class);
      if (!found.isRegularFile()) {
        throw new CheckpointException(
            file
                + (found.isDirectory()
                    ? " is a folder, where a file is expected"
                    : " is a device, a pipe or a socket, where a file is expected")
                + ": put the file itself there, or remove it");
      }
      return found.size();
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + " does not exist", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Opens a file to be read once, from its beginning, up to the size it had when it was opened.
   *
   * @param most the largest size in bytes
   * @param purpose what it is too large for, for messages, such as {@code a vocabulary}
   * @throws CheckpointException if it is not a regular file, or larger, or cannot be opened
   */
  public static InputStream open(Path file, long most, String purpose) {
    long size = check(file);
    if (size > most) {
      throw new CheckpointException(
          file
              + " has "
              + size
              + " bytes, at most "
              + most
              + " are read: too large for "
              + purpose
              + ": is it another file?");
    }
    try {
      return new Bounded(Files.newInputStream(file), size);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The bytes of a file.
   *
   * @param most as in {@link #open}
   * @param purpose as in {@link #open}
   * @throws CheckpointException as {@link #open}, or if it does not fit the heap
   */
  public static byte[] read(Path file, long most, String purpose) {
    try (var in = open(file, most, purpose)) {
      HeapRoom.of(file.toString()).take(check(file));
      return in.readAllBytes();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CheckpointException unreadable(Path file, IOException e) {
    var reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new CheckpointException(file + " cannot be read: " + reason, e);
  }

  /** The first bytes of a stream; ignores bytes that are appended while it is read. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      int value = left > 0 ? in.read() : -1;
      left -= value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left <= 0 && length > 0) {
        return -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(left, in.available());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
