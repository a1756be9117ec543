package io.lanewise.cli;

import io.lanewise.LanewiseException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and with which exit code the command ends. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final String NAME = "lanewise:";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter err;
  private final boolean colour;

  Failures(PrintWriter err, boolean colour) {
    this.err = err;
    this.colour = colour;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    var line = e.getCommandLine();
    var name = line.getCommandSpec().qualifiedName();
    say(name + ": " + e.getMessage());
    suggest(e);
    say("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  /** Says which command or option may have been meant. */
  private void suggest(ParameterException e) {
    var wrong = unknown(e);
    if (wrong == null) {
      return;
    }
    var word = wrong.startsWith("-") ? wrong.replaceFirst("=.*", "") : wrong;
    var line = e.getCommandLine();
    var known =
        word.startsWith("-")
            ? line.getCommandSpec().optionsMap().keySet()
            : line.getSubcommands().keySet();
    Spelling.nearest(word, known).ifPresent(nearest -> say("Did you mean " + nearest + "?"));
  }

  /** The word that no command or option has; null if something else is wrong. */
  private static String unknown(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched.getUnmatched().isEmpty() ? null : unmatched.getUnmatched().getFirst();
    }
    return e.getArgSpec() == null ? e.getValue() : null; // of the command "help"
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

  /** The output is gone. A reader that has seen enough, such as {@code head}, is no failure. */
  int lost(Results.Lost e) {
    if (e.isUnread()) {
      return ExitCode.OK;
    }
    say("lanewise: " + e.getMessage());
    return ExitCode.SOFTWARE;
  }

  /** Why a file cannot be used, without its name where Java says nothing but that. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "it does not exist";
      case AccessDeniedException _ -> "access is denied";
      default -> e.getMessage();
    };
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
    var shown = Table.visible(line);
    err.println(
        colour && shown.startsWith(NAME)
            ? RED + NAME + PLAIN + shown.substring(NAME.length())
            : shown);
  }
}
