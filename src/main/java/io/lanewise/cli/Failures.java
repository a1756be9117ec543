package io.lanewise.cli;

import io.lanewise.LanewiseException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and with which exit code the command ends. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final PrintWriter err;

  Failures(PrintWriter err) {
    this.err = err;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    var line = e.getCommandLine();
    var name = line.getCommandSpec().qualifiedName();
    say(name + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    say("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    if (e instanceof Results.Lost lost) {
      return lost(lost);
    }
    boolean debug = ((Lanewise) line.getCommandSpec().root().userObject()).debug();
    say("lanewise: " + message(e, debug));
    if (debug) {
      e.printStackTrace(err);
    }
    return ExitCode.SOFTWARE;
  }

  private static String message(Exception e, boolean debug) {
    if (e instanceof LanewiseException) {
      return e.getMessage();
    }
    var hint = debug ? "" : "; --debug shows where, please report it";
    return "internal error: " + e + hint;
  }

  /**
   * Standard output is gone. A reader that has seen enough, such as {@code head}, is no failure.
   */
  int lost(Results.Lost e) {
    if ("Broken pipe".equals(e.getMessage())) {
      return ExitCode.OK;
    }
    say("lanewise: standard output cannot be written: " + e.getMessage());
    return ExitCode.SOFTWARE;
  }

  /** Memory ran out. */
  int exhausted(VirtualMachineError e) {
    say(
        "lanewise: out of memory ("
            + e.getMessage()
            + "): give fewer or shorter inputs, or more memory with"
            + " LANEWISE_JAVA_OPTIONS=-Xmx8g");
    return ExitCode.SOFTWARE;
  }

  private void say(String line) {
    err.println(Table.visible(line));
  }
}
