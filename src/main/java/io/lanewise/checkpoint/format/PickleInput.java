package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The input of one or more pickles: bytes that are read in order, and the current position. */
final class PickleInput {
  /**
   * The longest pickle: it contains names and shapes only, so a longer one contains something else.
   */
  private static final long LONGEST = 1 << 25;

  private static final int LONGEST_LINE = 1000;

  private final WeightFile file;
  private final InputStream stream;
  private long position;

  /** The bytes of {@code file} from {@code from} to {@code to}. */
  PickleInput(WeightFile file, long from, long to) {
    this.file = file;
    this.stream = new BufferedInputStream(file.stream(from, Math.min(to, from + LONGEST)));
    this.position = from;
  }

  /** The offset of the next byte in the file. */
  long position() {
    return position;
  }

  /** The name of the file in messages. */
  String where() {
    return file.path().toString();
  }

  int unsignedByte() {
    try {
      int value = stream.read();
      if (value < 0) {
        throw wrong("it ends in the middle");
      }
      position++;
      return value;
    } catch (IOException e) {
      throw new CheckpointException(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  byte[] bytes(long count) {
    if (count < 0 || count > LONGEST || count > file.size() - position) {
      throw wrong("something in it would have " + Long.toUnsignedString(count) + " bytes");
    }
    try {
      var bytes = stream.readNBytes((int) count);
      if (bytes.length < count) {
        throw wrong("it ends in the middle");
      }
      position += count;
      return bytes;
    } catch (IOException e) {
      throw new CheckpointException(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  int unsignedShort() {
    return unsignedByte() | unsignedByte() << 8;
  }

  int signedInt() {
    return ByteBuffer.wrap(bytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  long unsignedInt() {
    return Integer.toUnsignedLong(signedInt());
  }

  long signedLong() {
    return ByteBuffer.wrap(bytes(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** A double: the only big-endian value of a pickle. */
  double real() {
    return ByteBuffer.wrap(bytes(8)).getDouble();
  }

  /** An integer of this many bytes in two's complement. */
  BigInteger whole(int count) {
    var bytes = bytes(count);
    for (int i = 0; i < count / 2; i++) {
      byte low = bytes[i];
      bytes[i] = bytes[count - 1 - i];
      bytes[count - 1 - i] = low;
    }
    return count == 0 ? BigInteger.ZERO : new BigInteger(bytes);
  }

  String utf8(long count) {
    return new String(bytes(count), UTF_8);
  }

  /** A text of Python 2, in Latin-1. */
  String latin1(long count) {
    return new String(bytes(count), ISO_8859_1);
  }

  /** A text up to the end of the line. */
  String line() {
    var line = new StringBuilder();
    for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
      if (line.length() == LONGEST_LINE) {
        throw wrong("a name in it does not end");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  CheckpointException wrong(String what) {
    return new CheckpointException(
        file.path() + ": its pickle is broken at byte " + position + ": " + what);
  }

  /** The error for a valid construct of pickles that is refused. */
  CheckpointException refused(String what) {
    return new CheckpointException(
        file.path()
            + ": its pickle "
            + what
            + ": only tensors are read from a pickle, nothing else is built or run");
  }
}
