package io.lanewise.cli.job;

import io.lanewise.InputException;
import io.lanewise.cli.output.ErrorReporter;
import io.lanewise.cli.output.TextOutput;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The answers of a job that may be interrupted at any time, as JSON Lines in the order of the
 * inputs. The file itself is the record of how far the job has come: as many inputs are answered as
 * it has whole lines. What follows the last line end was cut off in the middle and is written anew.
 *
 * <p>A line begins with the object of its input, so each is held against its input before anything
 * is changed. The model and the settings leave no trace: it is the caller's part to give the same.
 *
 * <p>Answers are handed to the system, and forced to the disk, once a window of the {@link Job}.
 */
public final class ResumedFile implements AutoCloseable {
  private static final int LONGEST_LINE = 1 << 28;
  private static final int BLOCK = 1 << 16;

  private final Path path;
  private final FileChannel file;

  private ResumedFile(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws InputException if it cannot be, or another process is writing it
   */
  public static ResumedFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new InputException(
          "--resume " + path + ": it is no file: an answer that is there already is read again");
    }
    try {
      var file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var opened = new ResumedFile(path, file);
      if (!opened.isAlone()) {
        file.close();
        throw new InputException("--resume " + path + ": another process is writing it");
      }
      return opened;
    } catch (IOException e) {
      throw new InputException("--resume " + path + ": " + ErrorReporter.reason(e), e);
    }
  }

  private boolean isAlone() throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Passes over the inputs that have been answered, and cuts off a torn line.
   *
   * @return how many they are
   * @throws InputException if a line does not belong to its input; the file is as it was then
   */
  public long passOver(InputReader reader) {
    try {
      long whole = wholeLines();
      var lines = new TextLines(new Beginning(file, whole), path.toString(), LONGEST_LINE);
      long count = 0;
      for (var line = lines.next(); line != null; line = lines.next()) {
        var input = reader.next();
        if (input == null) {
          throw wrong(lines.where() + " answers no input: there are only " + count);
        }
        if (!input.fits(line)) {
          throw wrong(lines.where() + " is no answer to " + input.where());
        }
        count++;
      }
      file.truncate(whole).position(whole);
      return count;
    } catch (IOException e) {
      throw new InputException("--resume " + path + ": " + e.getMessage(), e);
    }
  }

  private static InputException wrong(String message) {
    return new InputException(
        message + ": give the inputs of the interrupted job again, or another file to --resume");
  }

  /** Bytes up to the last line end. */
  private long wholeLines() throws IOException {
    var block = ByteBuffer.allocate(BLOCK);
    for (long end = file.size(); end > 0; ) {
      long start = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - start));
      while (block.hasRemaining() && file.read(block, start + block.position()) >= 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  /** What is written goes after the last whole line; a flush reaches the disk. */
  public OutputStream stream() {
    return new BufferedOutputStream(
        new FilterOutputStream(Channels.newOutputStream(file)) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
          }

          @Override
          public void flush() throws IOException {
            file.force(false);
          }
        },
        BLOCK);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new TextOutput.Lost("--resume " + path, e);
    }
  }

  /** The first bytes of a file. */
  private static final class Beginning extends FilterInputStream {
    private long left;

    Beginning(FileChannel file, long length) throws IOException {
      super(Channels.newInputStream(file.position(0)));
      left = length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }
  }
}
