package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import io.lanewise.file.HeapRoom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The entries of an uncompressed zip archive and their places in the file, so that they can be
 * mapped. The rules are those of PKWARE's APPNOTE 6.3: end record (with its 64-bit form), central
 * directory, local headers.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int LOCATOR64_SIZE = 20;
  private static final int END64 = 0x06064b50;
  private static final int END64_SIZE = 56;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int EXTRA64 = 1;
  private static final int ENCRYPTED = 1;
  private static final long ABSENT = 0xffffffffL;
  private static final long LONGEST_DIRECTORY = 100_000_000;

  /** A range of bytes of the file. */
  record Span(long offset, long size) {}

  private final WeightFile file;
  private final HeapRoom room;

  private ZipDirectory(WeightFile file) {
    this.file = file;
    this.room = HeapRoom.of(file.path().toString());
  }

  /**
   * Lists the entries in the order of the directory.
   *
   * @throws CheckpointException if the archive is broken, or an entry is compressed, encrypted,
   *     named twice or not inside the file
   */
  static SequencedMap<String, Span> read(WeightFile file) {
    return new ZipDirectory(file).entries();
  }

  private SequencedMap<String, Span> entries() {
    var directory = directory();
    var entries = new LinkedHashMap<String, Span>();
    while (directory.hasRemaining()) {
      if (directory.remaining() < CENTRAL_SIZE
          || directory.getInt(directory.position()) != CENTRAL) {
        throw wrong("its zip directory is broken");
      }
      entry(directory, entries);
    }
    return entries;
  }

  private ByteBuffer directory() {
    int length = (int) Math.min(file.size(), END_SIZE + LONGEST_COMMENT);
    long from = file.size() - length;
    var tail = little(file.read(from, length));
    for (int at = length - END_SIZE; at >= 0; at--) {
      if (tail.getInt(at) == END
          && Short.toUnsignedInt(tail.getShort(at + 20)) == length - END_SIZE - at) {
        long size = Integer.toUnsignedLong(tail.getInt(at + 12));
        long offset = Integer.toUnsignedLong(tail.getInt(at + 16));
        long end = from + at;
        return end >= LOCATOR64_SIZE && isLocator64(end - LOCATOR64_SIZE)
            ? directory64(end - LOCATOR64_SIZE)
            : directory(offset, size, end);
      }
    }
    throw wrong("it begins like a zip archive but has no directory: it has been cut");
  }

  private boolean isLocator64(long at) {
    return little(file.read(at, Integer.BYTES)).getInt() == LOCATOR64;
  }

  private ByteBuffer directory64(long locator) {
    long at = little(file.read(locator, LOCATOR64_SIZE)).getLong(8);
    if (at < 0 || at > locator - END64_SIZE) {
      throw wrong("its zip directory is broken");
    }
    var end = little(file.read(at, END64_SIZE));
    if (end.getInt(0) != END64) {
      throw wrong("its zip directory is broken");
    }
    return directory(end.getLong(48), end.getLong(40), at);
  }

  private ByteBuffer directory(long offset, long size, long end) {
    if (offset < 0 || size < 0 || size > LONGEST_DIRECTORY || offset > end - size) {
      throw wrong("its zip directory is not inside the file");
    }
    room.take(size);
    return little(file.read(offset, (int) size));
  }

  private void entry(ByteBuffer directory, SequencedMap<String, Span> entries) {
    int at = directory.position();
    int flags = directory.getShort(at + 8);
    int method = Short.toUnsignedInt(directory.getShort(at + 10));
    int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
    int extraLength = Short.toUnsignedInt(directory.getShort(at + 30));
    int commentLength = Short.toUnsignedInt(directory.getShort(at + 32));
    if (nameLength + extraLength + commentLength > directory.remaining() - CENTRAL_SIZE) {
      throw wrong("its zip directory is broken");
    }
    var nameBytes = new byte[nameLength];
    directory.get(at + CENTRAL_SIZE, nameBytes);
    var name = new String(nameBytes, UTF_8);
    var extra = directory.slice(at + CENTRAL_SIZE + nameLength, extraLength);
    var sizes = new Sizes(directory, at, extra.order(ByteOrder.LITTLE_ENDIAN));
    if (method != 0 || sizes.packed != sizes.plain || (flags & ENCRYPTED) != 0) {
      throw wrong(
          "its zip entry "
              + FileExcerpt.of(name)
              + " is compressed or encrypted: PyTorch only stores");
    }
    var span = span(name, sizes);
    room.take(HeapRoom.CONTAINER + HeapRoom.ENTRY);
    room.takeText(name);
    if (entries.put(name, span) != null) {
      throw wrong("its zip entry " + FileExcerpt.of(name) + " is there twice");
    }
    directory.position(at + CENTRAL_SIZE + nameLength + extraLength + commentLength);
  }

  /** Sizes and offset of an entry; numbers beyond 32 bits are in an extra field. */
  private final class Sizes {
    private final long plain;
    private final long packed;
    private final long header;

    Sizes(ByteBuffer directory, int at, ByteBuffer extra) {
      var wide = wide(extra);
      plain = or(Integer.toUnsignedLong(directory.getInt(at + 24)), wide);
      packed = or(Integer.toUnsignedLong(directory.getInt(at + 20)), wide);
      header = or(Integer.toUnsignedLong(directory.getInt(at + 42)), wide);
    }

    private long or(long narrow, ByteBuffer wide) {
      if (narrow != ABSENT) {
        return narrow;
      }
      if (wide.remaining() < Long.BYTES) {
        throw wrong("its zip directory lacks a size");
      }
      return wide.getLong();
    }

    private ByteBuffer wide(ByteBuffer extra) {
      while (extra.remaining() >= 4) {
        int kind = Short.toUnsignedInt(extra.getShort());
        int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
        if (kind == EXTRA64) {
          return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        }
        extra.position(extra.position() + length);
      }
      return ByteBuffer.allocate(0);
    }
  }

  private Span span(String name, Sizes sizes) {
    if (sizes.header >= 0 && sizes.header <= file.size() - LOCAL_SIZE) {
      var local = little(file.read(sizes.header, LOCAL_SIZE));
      long data =
          sizes.header
              + LOCAL_SIZE
              + Short.toUnsignedInt(local.getShort(26))
              + Short.toUnsignedInt(local.getShort(28));
      if (local.getInt(0) == LOCAL && sizes.plain >= 0 && data <= file.size() - sizes.plain) {
        return new Span(data, sizes.plain);
      }
    }
    throw wrong("its zip entry " + FileExcerpt.of(name) + " is not inside the file");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(file.path() + ": " + what);
  }
}
