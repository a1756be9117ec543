package io.lanewise.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: all subcommands, and the streams that they share. */
@Command(
    name = "lanewise",
    description = "Runs Hugging Face encoder models on the CPU of the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:success", "1:failure, explained in one line", "2:wrong usage"},
    subcommands = {
      FillMaskCommand.class,
      AttentionCommand.class,
      ForwardCommand.class,
      TokenizeCommand.class,
      DecodeCommand.class,
      TokenizerCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    })
final class Lanewise implements Runnable {
  @Option(
      names = {"-v", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Say more: why these kernels, and the stack trace of a failure.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private final InputStream in;
  private final Results results;
  private final PrintWriter err;

  Lanewise(InputStream in, Results results, PrintWriter err) {
    this.in = in;
    this.results = results;
    this.err = err;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Standard input. */
  InputStream in() {
    return in;
  }

  /** Standard output. */
  Results results() {
    return results;
  }

  /** Says something on standard error. */
  void say(String line) {
    err.println(Table.visible(line));
  }

  /** Says something on standard error if {@code --debug} was given. */
  void debug(String line) {
    if (debug) {
      say("lanewise: " + line);
    }
  }

  /** Whether {@code --debug} was given. */
  boolean debug() {
    return debug;
  }
}
