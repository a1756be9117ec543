package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.file.WholeFile;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * An opened weight file: mapped, or read tensor by tensor.
 *
 * <p>A file that is read is not kept in memory: each part is read directly to its target, and after
 * the last one the file may change or be deleted. A closed file can be read again, to save the
 * loaded tensors, unless it has changed; {@link FileStamp} defines which changes are detected. A
 * mapped file that was replaced by another one stays available to this process.
 */
public final class WeightFile implements AutoCloseable {
  private static final long READ_SIZE = 1L << 30;

  private final Path path;
  private final String name;
  private final long size;
  private final FileChannel channel;
  private final MemorySegment mapped;
  private FileStamp stamp; // set once, when opened
  private volatile boolean closed;

  private WeightFile(Path path, String name, long size, FileChannel channel, MemorySegment mapped) {
    this.path = path;
    this.name = name;
    this.size = size;
    this.channel = channel;
    this.mapped = mapped;
  }

  /**
   * Opens a file.
   *
   * @param name its name in messages about its tensors
   * @param region of the mapping, with {@link Loading#MAP}
   */
  public static WeightFile open(Path path, String name, Loading loading, Region region) {
    WholeFile.check(path);
    try {
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      boolean kept = false;
      try {
        long size = channel.size();
        var mapped = loading == Loading.MAP ? region.map(channel, 0, size) : null;
        kept = mapped == null;
        var file = new WeightFile(path, name, size, kept ? channel : null, mapped);
        file.stamp = FileStamp.of(path, size, file::read);
        return file;
      } finally {
        if (!kept) {
          channel.close(); // a mapping stays valid when its channel is closed
        }
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  Path path() {
    return path;
  }

  String name() {
    return name;
  }

  long size() {
    return size;
  }

  /** The bytes in place, if the file is mapped. */
  Optional<MemorySegment> mapped(long offset, long length) {
    checkUnchanged();
    return Optional.ofNullable(mapped).map(all -> all.asSlice(offset, length));
  }

  /** Fills {@code target} with the bytes from {@code offset} on. */
  void read(long offset, MemorySegment target) {
    checkUnchanged();
    if (mapped != null) {
      MemorySegment.copy(mapped, offset, target, 0, target.byteSize());
      return;
    }
    for (long at = 0; at < target.byteSize(); at += READ_SIZE) {
      long length = Math.min(READ_SIZE, target.byteSize() - at);
      read(offset + at, target.asSlice(at, length).asByteBuffer());
    }
  }

  /** The bytes from {@code offset} on; the caller has limited the length. */
  byte[] read(long offset, int length) {
    var bytes = new byte[length];
    read(offset, bytes, 0, length);
    return bytes;
  }

  private void read(long offset, byte[] bytes, int from, int length) {
    if (mapped != null) {
      MemorySegment.copy(
          mapped, java.lang.foreign.ValueLayout.JAVA_BYTE, offset, bytes, from, length);
    } else {
      read(offset, ByteBuffer.wrap(bytes, from, length));
    }
  }

  private void read(long offset, ByteBuffer target) {
    try {
      if (channel.isOpen()) {
        read(channel, offset, target);
        return;
      }
      try (var again = FileChannel.open(path, StandardOpenOption.READ)) {
        var now = FileStamp.of(path, again.size(), (at, length) -> bytes(again, at, length));
        if (now.size() != size
            || !now.modified().equals(stamp.modified())
            || now.samples() != stamp.samples()) {
          throw changed("load it again, or load it mapped");
        }
        read(again, offset, target);
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private byte[] bytes(FileChannel from, long offset, int length) {
    var bytes = new byte[length];
    try {
      read(from, offset, ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    return bytes;
  }

  /**
   * Checks that a mapped file was not overwritten in place since it was loaded, because its numbers
   * would no longer be those of the model. Does nothing during loading.
   *
   * @throws CheckpointException if it has changed
   */
  void checkUnchanged() {
    if (closed
        && mapped != null
        && (stamp.isChangedInPlace(path) || !stamp.hasSamplesOf(this::read))) {
      throw changed("load it again, and have a new file renamed over the old one next time");
    }
  }

  private CheckpointException changed(String cure) {
    return new CheckpointException(
        path + " is not the file that was loaded any more, it was written over: " + cure);
  }

  private void read(FileChannel from, long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int read = from.read(target, at);
      if (read < 0) {
        throw new CheckpointException(
            path + " was cut while it was read: it had " + size + " bytes, now it ends at " + at);
      }
      at += read;
    }
  }

  /** A stream over the bytes from {@code from} to {@code to}. */
  InputStream stream(long from, long to) {
    return new Range(from, to);
  }

  /** Strict UTF-8 over the bytes from {@code from} to {@code to}. */
  Reader text(long from, long to) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    return new java.io.InputStreamReader(stream(from, to), decoder);
  }

  /** Releases the mapped pages of these bytes from memory, because they are not needed soon. */
  void forget(long offset, long length) {
    if (mapped != null && length > 0) {
      mapped.asSlice(offset, length).unload();
    }
  }

  /**
   * Closes the file. A mapping stays valid as long as its region; its pages are released from
   * memory until they are used again.
   */
  @Override
  public void close() {
    closed = true;
    forget(0, size);
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static CheckpointException unreadable(Path path, IOException e) {
    var reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new CheckpointException(path + " cannot be read: " + reason, e);
  }

  private final class Range extends InputStream {
    private final long to;
    private long at;

    Range(long from, long to) {
      this.at = from;
      this.to = to;
    }

    @Override
    public int read() {
      return at < to ? WeightFile.this.read(at++, 1)[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = (int) Math.min(length, to - at);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      WeightFile.this.read(at, target, offset, count);
      at += count;
      return count;
    }
  }
}
