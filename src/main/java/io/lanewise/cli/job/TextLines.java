package io.lanewise.cli.job;

import io.lanewise.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Lines of standard input or of a file, in UTF-8. */
public final class TextLines {
  /** Bytes that a line may have; enough for any text that a model can take. */
  public static final int LONGEST = 16 << 20;

  /** What is too long is passed over, but not for ever: it may be a device. */
  private static final long ENDLESS = 1L << 30;

  private static final int BUFFER = 1 << 16;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final InputStream in;
  private final String name;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long number;

  /** Lines of standard input. */
  public TextLines(InputStream in) {
    this(in, "standard input", LONGEST);
  }

  /**
   * Lines of a stream.
   *
   * @param name of the stream, for messages
   * @param longest bytes of a line
   */
  TextLines(InputStream in, String name, int longest) {
    this.in = in;
    this.name = name;
    this.longest = longest;
  }

  /** The number of the line that was given last, from 1. */
  long number() {
    return number;
  }

  /** Where the line that was given last stands. */
  String where() {
    return name + ", line " + number;
  }

  /** Whether more can be read without waiting, or the end has been reached. */
  boolean isReady() {
    try {
      return at < end || in.available() > 0;
    } catch (IOException e) {
      return false; // reading says what is wrong
    }
  }

  /**
   * A line without its end.
   *
   * @param text null if it cannot be read
   * @param problem why it cannot; null if it can
   */
  record Line(String text, String problem) {}

  /**
   * The next line, or null after the last.
   *
   * @throws InputException if the line cannot be read; the next one can
   */
  public String next() {
    var line = nextLine();
    if (line != null && line.problem != null) {
      throw new InputException(where() + ": " + line.problem);
    }
    return line == null ? null : line.text;
  }

  /**
   * The next line, good or bad (not UTF-8, or too long), or null after the last.
   *
   * @throws InputException if there is nothing to be read any more
   */
  Line nextLine() {
    if (!fill()) {
      return null;
    }
    var line = new ByteArrayOutputStream();
    boolean tooLong = false;
    boolean ended = false;
    long length = 0;
    while (!ended && fill()) {
      int stop = at;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      tooLong |= line.size() + (stop - at) > longest;
      line.write(buffer, at, tooLong ? 0 : stop - at);
      length += stop - at;
      if (length > ENDLESS) {
        throw new InputException(
            name + ", line " + (number + 1) + ": it does not end within 1 GiB: give a text");
      }
      ended = stop < end;
      at = ended ? stop + 1 : stop;
    }
    number++;
    return tooLong
        ? new Line(null, "longer than " + longest + " bytes: cut it")
        : decode(line.toByteArray());
  }

  private Line decode(byte[] bytes) {
    boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
    var text = ByteBuffer.wrap(bytes, 0, bytes.length - (carriageReturn ? 1 : 0));
    try {
      var line = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
      boolean marked = number == 1 && line.startsWith(BYTE_ORDER_MARK);
      return new Line(marked ? line.substring(1) : line, null);
    } catch (CharacterCodingException e) {
      return new Line(null, "not UTF-8; convert it first");
    }
  }

  private boolean fill() {
    if (at < end) {
      return true;
    }
    try {
      at = 0;
      end = Math.max(0, in.read(buffer, 0, BUFFER));
      return end > 0;
    } catch (IOException e) {
      throw new InputException(name + " cannot be read: " + e.getMessage(), e);
    }
  }
}
