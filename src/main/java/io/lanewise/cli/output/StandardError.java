package io.lanewise.cli.output;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;

/**
 * Standard error, put aside by the launcher while the JVM starts.
 *
 * <p>Every JVM that uses the Vector API says "Using incubator modules" on standard error, and no
 * flag stops it. So the launcher starts it with descriptor 2 on {@code /dev/null} and the real one
 * at the number in {@code lanewise.stderr}; the first thing that is written puts it back.
 */
public final class StandardError {
  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /** Lets {@link System#err} put standard error back before it writes, if it was put aside. */
  public static void putBack() {
    Integer aside = Integer.getInteger("lanewise.stderr");
    if (aside != null) {
      System.setErr(new PrintStream(new PutBack(aside), true, StandardCharsets.UTF_8));
    }
  }

  /** The descriptor that standard error is at now. */
  public static int descriptor() {
    return Integer.getInteger("lanewise.stderr", STANDARD_ERROR);
  }

  private static final class PutBack extends OutputStream {
    private final int aside;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
    private boolean back;

    PutBack(int aside) {
      this.aside = aside;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      if (!back) {
        duplicate(aside, STANDARD_ERROR);
        back = true;
      }
      out.write(bytes, offset, length);
    }
  }

  private static void duplicate(int from, int to) throws IOException {
    var linker = Linker.nativeLinker();
    var dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      if ((int) dup2.invokeExact(from, to) < 0) {
        throw new IOException("standard error cannot be put back from descriptor " + from);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }
}
