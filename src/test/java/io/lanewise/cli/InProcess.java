package io.lanewise.cli;

import io.lanewise.cli.output.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line in this process, for tests of other packages; its output is thrown away. */
public final class InProcess {
  private InProcess() {}

  /**
   * What a run ended with.
   *
   * @param err what it said on standard error
   */
  public record Ended(int code, String err) {}

  /** Runs a command with this on standard input. */
  public static Ended run(InputStream in, String... arguments) {
    var err = new StringWriter();
    var out = OutputStream.nullOutputStream();
    int code = Main.run(arguments, in, out, new PrintWriter(err, true), Terminal.NONE);
    return new Ended(code, err.toString());
  }
}
