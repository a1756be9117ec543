package io.lanewise.cli.command;

import io.lanewise.cli.output.Progress;
import io.lanewise.cli.output.Terminal;
import io.lanewise.cli.output.TextOutput;
import io.lanewise.cli.output.Version;
import io.lanewise.text.Visible;
import java.io.InputStream;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: what its subcommands share. {@link Commands} has those. */
@Command(
    name = "lanewise",
    description = "Runs Hugging Face encoder models on the CPU of the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:failure, explained in one line",
      "2:wrong usage",
      "130:interrupted, by Ctrl-C"
    })
public class RootCommand implements Runnable {
  @Option(
      names = {"-v", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Say more: why these kernels, and the stack trace of a failure.")
  private boolean debug;

  @Spec private CommandSpec spec;

  private final InputStream in;
  private final TextOutput results;
  private final PrintWriter err;

  private final Terminal terminal;

  RootCommand(InputStream in, TextOutput results, PrintWriter err, Terminal terminal) {
    this.in = in;
    this.results = results;
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Standard input. */
  public InputStream in() {
    return in;
  }

  /** Standard output. */
  public TextOutput results() {
    return results;
  }

  /** Which of the streams are a terminal. */
  public Terminal terminal() {
    return terminal;
  }

  /** A bar on standard error; see {@link Progress#bar}. */
  public Progress progress(long total, long done) {
    return Progress.bar(err, total, done);
  }

  /** A bar of bytes on standard error. */
  Progress progressOfBytes(long total) {
    return Progress.bytes(err, total);
  }

  /** Says something on standard error. */
  public void say(String line) {
    err.println(Visible.of(line));
  }

  /** Says something on standard error if {@code --debug} was given. */
  void debug(String line) {
    if (debug) {
      say("lanewise: " + line);
    }
  }

  /** Whether {@code --debug} was given. */
  public boolean debug() {
    return debug;
  }
}
