package io.lanewise.cli.output;

import io.lanewise.LanewiseException;
import io.lanewise.cli.command.RootCommand;
import io.lanewise.text.Excerpt;
import io.lanewise.text.Visible;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong, and with which exit code the command ends. */
public final class ErrorReporter implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final String NAME = "lanewise:";

  /** Characters of a message that may hold what was typed. */
  private static final int LONGEST = 500;

  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter err;
  private final boolean colour;

  public ErrorReporter(PrintWriter err, boolean colour) {
    this.err = err;
    this.colour = colour;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    var line = e.getCommandLine();
    var name = line.getCommandSpec().qualifiedName();
    say(name + ": " + Excerpt.of(e.getMessage(), LONGEST));
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
    boolean takesTexts = !line.getCommandSpec().positionalParameters().isEmpty();
    EditDistance.nearest(word, known)
        .ifPresentOrElse(
            nearest -> say("Did you mean " + nearest + "?"),
            () -> {
              if (word.startsWith("-") && takesTexts) {
                say("A text that begins with - goes after --, as in: -- \"-5 degrees\"");
              }
            });
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
    if (e instanceof TextOutput.Lost lost) {
      return lost(lost);
    }
    boolean debug = ((RootCommand) line.getCommandSpec().root().userObject()).debug();
    say("lanewise: " + message(e, ErrorMessages.of(line.getCommandSpec()), debug));
    if (debug) {
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(each -> err.println(traced(each)));
    }
    return ExitCode.SOFTWARE;
  }

  private static String message(Exception e, ErrorMessages messages, boolean debug) {
    if (e instanceof LanewiseException told) {
      return messages.of(told);
    }
    var hint = debug ? "" : "; --debug shows where, please report it";
    return "internal error: " + Excerpt.of(e.toString(), LONGEST) + hint;
  }

  /** The output is gone. A reader that has seen enough, such as {@code head}, is no failure. */
  public int lost(TextOutput.Lost e) {
    if (e.isUnread()) {
      return ExitCode.OK;
    }
    say("lanewise: " + e.getMessage());
    return ExitCode.SOFTWARE;
  }

  /** Why a file cannot be used, without its name where Java says nothing but that. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "it does not exist";
      case AccessDeniedException _ -> "access is denied";
      case FileSystemException told when told.getReason() != null -> told.getReason();
      default -> e.getMessage();
    };
  }

  /** Memory ran out. */
  public int exhausted(VirtualMachineError e) {
    say(
        "lanewise: out of memory ("
            + e.getMessage()
            + "): give fewer or shorter inputs, or more memory with"
            + " LANEWISE_JAVA_OPTIONS=-Xmx8g");
    return ExitCode.SOFTWARE;
  }

  /** A line of a stack trace, which begins with a tab. */
  private static String traced(String line) {
    return line.startsWith("\t") ? "\t" + Visible.of(line.substring(1)) : Visible.of(line);
  }

  private void say(String line) {
    var shown = Visible.of(line);
    err.println(
        colour && shown.startsWith(NAME)
            ? RED + NAME + PLAIN + shown.substring(NAME.length())
            : shown);
  }
}
