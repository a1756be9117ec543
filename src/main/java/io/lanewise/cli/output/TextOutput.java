package io.lanewise.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, or a file in its place: what was asked for, in UTF-8, and nothing else. In
 * colour only on a terminal.
 */
public final class TextOutput {
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final String name;
  private final OutputStream out;
  private final boolean colour;

  /** Standard output. */
  public TextOutput(OutputStream out, boolean colour) {
    this("standard output", out, colour);
  }

  /** A file, without colour. */
  public TextOutput(String name, OutputStream out) {
    this(name, out, false);
  }

  private TextOutput(String name, OutputStream out, boolean colour) {
    this.name = name;
    this.out = out;
    this.colour = colour;
  }

  /** The output cannot take more: its reader has gone, or its disk is full. */
  public static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param name what cannot be written
     */
    public Lost(String name, IOException cause) {
      super(name + " cannot be written: " + cause.getMessage(), cause);
    }

    /** Whether a reader has gone, such as {@code head}, which has seen enough. */
    boolean isUnread() {
      return "Broken pipe".equals(getCause().getMessage());
    }
  }

  /** What to throw when it cannot be written. */
  Lost lost(IOException cause) {
    return new Lost(name, cause);
  }

  /** Writes a line that stands above others. */
  void heading(String text) {
    line(colour ? BOLD + text + PLAIN : text);
  }

  /** Writes a line. */
  public void line(String text) {
    write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes as they are. */
  public void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Hands everything over to whoever reads. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** The same for code that wants a writer; only {@link #flush} notices what is lost. */
  public PrintWriter writer() {
    return new PrintWriter(new OutputStreamWriter(stream(), StandardCharsets.UTF_8), true);
  }

  /** The same for code that wants a stream; closing it only flushes. */
  OutputStream stream() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
