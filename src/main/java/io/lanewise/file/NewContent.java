package io.lanewise.file;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.UUID;

/**
 * A new content for a file, which takes the old one's place in one step when it is whole: who reads
 * or maps the old one keeps it, and a failure on the way (a full disk) leaves it untouched and
 * nothing beside it.
 *
 * <p>It is written beside the file under a hidden name, forced to the disk, and renamed. A link is
 * followed: the file that it leads to is replaced, with the permissions that it had. What is no
 * regular file (a device, a pipe) is written to as it is.
 *
 * <p>Not thread-safe.
 */
public final class NewContent implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path target;
  private final Path fresh;
  private final FileChannel channel;
  private final boolean inPlace;

  /**
   * @param fresh where it is written; null if that is the file itself
   * @param inPlace whether it may be copied into the file where it cannot be renamed to it
   */
  private NewContent(Path target, Path fresh, FileChannel channel, boolean inPlace) {
    this.target = target;
    this.fresh = fresh;
    this.channel = channel;
    this.inPlace = inPlace;
  }

  /**
   * Begins.
   *
   * @throws IOException if no file can be made beside it, or it is a folder
   */
  public static NewContent of(Path file) throws IOException {
    return of(file, false);
  }

  /**
   * The same for a file that nobody maps: where its folder takes no new files, or a file is mounted
   * there so that nothing can be renamed to it, the content is written into the file itself.
   *
   * @throws IOException if it can be written neither way, or is a folder
   */
  public static NewContent orInPlace(Path file) throws IOException {
    return of(file, true);
  }

  private static NewContent of(Path file, boolean inPlace) throws IOException {
    var target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new FileSystemException(file.toString(), null, "it is a folder");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      return new NewContent(
          target, null, FileChannel.open(target, StandardOpenOption.WRITE), inPlace);
    }
    var folder = target.getParent();
    if (inPlace && Files.exists(target) && folder != null && !Files.isWritable(folder)) {
      return new NewContent(
          target,
          null,
          FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
          true);
    }
    var fresh = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    return new NewContent(
        target,
        fresh,
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        inPlace);
  }

  /** Where the content goes. It may be written in any order. */
  public FileChannel channel() {
    return channel;
  }

  /** The same as a stream, buffered; closing it only flushes. */
  public OutputStream stream() {
    return new BufferedOutputStream(
        new FilterOutputStream(Channels.newOutputStream(channel)) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        },
        BUFFER);
  }

  /** The file that is there until the content is whole; empty where there is none. */
  public Optional<Path> unfinished() {
    return Optional.ofNullable(fresh);
  }

  /**
   * Puts the content in the file's place.
   *
   * @throws IOException if it did not reach the disk; {@link #close} takes it away then
   */
  public void finish() throws IOException {
    if (fresh == null) {
      channel.close();
      return;
    }
    channel.force(true);
    channel.close();
    keepPermissions();
    move();
  }

  private void keepPermissions() throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    var old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    var mine = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    if (old != null && mine != null) {
      mine.setPermissions(old.readAttributes().permissions());
    }
  }

  private void move() throws IOException {
    try {
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      if (!inPlace || !Files.isRegularFile(target)) {
        throw e;
      }
      try (var out = Files.newOutputStream(target)) {
        Files.copy(fresh, out);
      }
    }
  }

  /** Takes away what is not finished; nothing after {@link #finish}. */
  @Override
  public void close() {
    try {
      channel.close(); // nothing the second time
    } catch (IOException e) {
      // What it held is taken away all the same.
    }
    try {
      if (fresh != null) {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      // The failure that left it there is already on its way to the caller.
    }
  }
}
