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
 * New content for a file, which replaces the old content in one step when it is complete. Processes
 * that read or map the old file keep its content. A failure, such as a full disk, leaves the old
 * file unchanged and no other file behind.
 *
 * <p>The content is written to a hidden file in the same folder, forced to the disk, and renamed. A
 * link is followed: its target is replaced, with the same permissions. If the target is not a
 * regular file (a device, a pipe), the content is written directly to it.
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
   * @param fresh the file that is written; null if it is the target itself
   * @param inPlace whether the content may be copied into the target if renaming is impossible
   */
  private NewContent(Path target, Path fresh, FileChannel channel, boolean inPlace) {
    this.target = target;
    this.fresh = fresh;
    this.channel = channel;
    this.inPlace = inPlace;
  }

  /**
   * Starts to write.
   *
   * @throws IOException if no file can be created in its folder, or it is a folder
   */
  public static NewContent of(Path file) throws IOException {
    return of(file, false);
  }

  /**
   * The same for a file that no process maps. If no file can be created in its folder, or if the
   * file is a mount point that cannot be replaced by renaming, the content is written into the file
   * itself.
   *
   * @throws IOException if neither is possible, or it is a folder
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

  /** The channel for the content, which may be written in any order. */
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

  /** The temporary file, which exists until the content is complete; empty if there is none. */
  public Optional<Path> unfinished() {
    return Optional.ofNullable(fresh);
  }

  /**
   * Replaces the file by the new content.
   *
   * @throws IOException if it did not reach the disk; {@link #close} removes it then
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

  /** Removes unfinished content; does nothing after {@link #finish}. */
  @Override
  public void close() {
    try {
      channel.close(); // nothing the second time
    } catch (IOException e) {
      // The content is removed nevertheless.
    }
    try {
      if (fresh != null) {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      // The failure that left it there is already being thrown.
    }
  }
}
