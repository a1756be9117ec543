package io.lanewise.cli;

import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.ErrorReporter;
import io.lanewise.cli.output.StandardError;
import io.lanewise.cli.output.Terminal;
import io.lanewise.cli.output.TextOutput;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** Where the command line starts. */
public final class Main {
  private Main() {}

  /**
   * Runs the command line and ends the JVM with its exit code: 0, 1 (failure) or 2 (usage). Ctrl-C
   * ends it with 130: the JVM sees to that.
   */
  public static void main(String[] args) {
    StandardError.putBack();
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var terminal = Terminal.here(System.getenv(), StandardError.descriptor());
    System.exit(run(args, System.in, out, err, terminal));
  }

  /** Runs the command line on streams that are no terminal. */
  public static int run(String[] args, InputStream in, OutputStream out, PrintWriter err) {
    return run(args, in, out, err, Terminal.NONE);
  }

  /**
   * Runs the command line on these streams.
   *
   * @return the exit code
   */
  static int run(
      String[] args, InputStream in, OutputStream out, PrintWriter err, Terminal terminal) {
    var results = new TextOutput(out, terminal.colourOut());
    var failures = new ErrorReporter(err, terminal.colourErr());
    var line = Commands.line(args, in, results, err, terminal);
    keepTexts(line)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(Help.defaultColorScheme(terminal.colourOut() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpAutoWidth(false)
        .setOut(results.writer())
        .setErr(err)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
    try {
      int code = line.execute(args);
      results.flush();
      return code;
    } catch (TextOutput.Lost e) {
      return failures.lost(e);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return failures.exhausted(e);
    }
  }

  /**
   * Takes every word of the command line as it stands. Texts come from anywhere: {@code @name} is
   * no file with further options, quotes belong to the text (also where a list is split at its
   * commas), the word behind an option that takes a value is that value whatever it looks like, and
   * only the whole name of an option is that option. The properties {@code picocli.*} change
   * nothing of it.
   */
  @SuppressWarnings("deprecation") // setSplitQuotedStrings, which is called too rarely wanted
  private static CommandLine keepTexts(CommandLine line) {
    return line.setExpandAtFiles(false)
        .setTrimQuotes(false)
        .setSplitQuotedStrings(true)
        .setAllowOptionsAsOptionParameters(true)
        .setAbbreviatedOptionsAllowed(false)
        .setAbbreviatedSubcommandsAllowed(false)
        .setUnmatchedOptionsArePositionalParams(false);
  }
}
