package io.lanewise.cli.option;

import io.lanewise.InputException;
import io.lanewise.cli.command.RootCommand;
import io.lanewise.cli.job.InputReader;
import io.lanewise.cli.job.Job;
import io.lanewise.cli.job.JobInput;
import io.lanewise.cli.job.ResumedFile;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.job.WindowSize;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.CsvPrinter;
import io.lanewise.cli.output.ErrorMessages;
import io.lanewise.cli.output.JsonLinesPrinter;
import io.lanewise.cli.output.JsonPrinter;
import io.lanewise.cli.output.OutputFile;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.Progress;
import io.lanewise.cli.output.TablePrinter;
import io.lanewise.cli.output.TextOutput;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TaskOptions.BatchListener;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where inputs come from and how answers are written: what all commands with texts share. */
public final class JobOptions {
  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "Texts. None: the lines of --file, or of standard input.")
  private List<String> texts = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read a text a line from this file. Blank lines are passed over.")
  private Path file;

  @Option(
      names = "--jsonl",
      description = {
        "JSON Lines in and out: each line that is read is a JSON object with named fields, and"
            + " each line that is written is the same object, unchanged, with the answer in its"
            + " field \"result\".",
        "A file whose name ends with .jsonl or .ndjson is read so without this option."
      })
  private boolean jsonLines;

  @Option(
      names = "--plain",
      description = "The lines that are read are plain texts, also with --jsonl or --resume.")
  private boolean plain;

  @Option(
      names = "--json",
      description = "Write one JSON document, as Hugging Face's pipeline returns it.")
  private boolean json;

  @Option(
      names = "--csv",
      description =
          "Write comma-separated values (RFC 4180) with a head line. A text that a spreadsheet"
              + " would run, such as \"=1+1\", has an apostrophe before it.")
  private boolean csv;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "Write to this file instead of standard output. It is there when it is whole, and a"
              + " failure leaves the file that was there before.")
  private Path out;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = {
        "Write JSON Lines to this file, and go on where an interrupted run of the same command"
            + " stopped. A kill at any moment loses nothing and doubles nothing."
      })
  private Path resume;

  @Option(
      names = "--skip-errors",
      description = {
        "Write what is wrong with an input in the place of its answer, whatever the format, and go"
            + " on; the exit code is 0 then, and standard error says how many inputs have no"
            + " answer. Without it the first bad input ends the command with exit code 1, after all"
            + " answers before it."
      })
  private boolean skipErrors;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Tokens that go through the model at once; default: ${DEFAULT-VALUE}.")
  private int batchTokens;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Cut longer texts to so many tokens; default: refuse what is too long.")
  private Integer maxLength;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  /** What hears of the batches of the job that runs. */
  private BatchListener listener = BatchListener.NONE;

  /** How a task is loaded, and how much text it takes. */
  public TaskOptions options(ModelOptions model, FolderSettings folder) {
    return TaskOptions.of(loading(model, folder))
        .withBatchTokens(batchTokens)
        .withMaxLength(maxLength())
        .withListener((done, of) -> listener.batchDone(done, of));
  }

  /** Tokens to which longer texts are cut; 0 for not cut. */
  public int maxLength() {
    OptionRange.checkFromOne(mixee, "--max-length", maxLength);
    return maxLength == null ? 0 : maxLength;
  }

  /**
   * How the model is loaded. A job that may go on in another process needs the same bits in each of
   * them, so it does not begin with the kernels of first calls, as {@code auto} may.
   */
  private Options loading(ModelOptions model, FolderSettings folder) {
    var options = model.options(folder, (RootCommand) mixee.root().userObject());
    boolean steady =
        options.backend() != KernelChoice.AUTO || options.precision() != Precision.FLOAT32;
    return resume == null || steady ? options : options.withBackend(KernelChoice.VECTOR);
  }

  /** Whether bad inputs are told in their place. */
  public boolean skipsErrors() {
    return skipErrors;
  }

  /** Takes the first text of the command line away from the others. */
  public String takeFirst() {
    var first = texts.getFirst();
    texts = texts.subList(1, texts.size());
    return first;
  }

  /** Makes one text of all on the command line. */
  public void joinTexts() {
    texts = texts.isEmpty() ? texts : List.of(String.join(" ", texts));
  }

  /** Texts of the command line; none if they come from elsewhere. */
  public List<String> texts() {
    return texts;
  }

  /**
   * Refuses options that do not go together. To be called before a model is loaded.
   *
   * @throws ParameterException if there are any
   */
  public void check() {
    if (!texts.isEmpty() && file != null) {
      throw usage("TEXT and --file exclude each other");
    }
    if (json && csv) {
      throw usage("--json and --csv exclude each other");
    }
    if (resume != null && (json || csv || out != null)) {
      throw usage("--resume writes JSON Lines to its own file: leave out --json, --csv, --out");
    }
    OptionRange.checkFromOne(mixee, "--batch-tokens", batchTokens);
    OptionRange.checkFromOne(mixee, "--max-length", maxLength);
  }

  /**
   * Answers all inputs, after {@link #check}.
   *
   * @return the exit code
   * @throws InputException if an input has no answer, and --skip-errors was not given
   */
  public <I, A> int run(RootCommand root, TaskCommand<I, A> command) {
    if (isDialogue(root)) {
      root.say(
          "lanewise: reading %s from the terminal, one a line; Ctrl-D ends them"
              .formatted(input().isJson() ? "JSON objects" : "texts"));
    }
    try (var reader = input().open(root.in(), command)) {
      return resume != null ? resume(root, command, reader) : write(root, command, reader);
    }
  }

  private JobInput input() {
    return new JobInput(texts, file, jsonLines, plain);
  }

  /** Whether somebody types the inputs. */
  private boolean isDialogue(RootCommand root) {
    return texts.isEmpty() && file == null && root.terminal().in();
  }

  private <I, A> int resume(RootCommand root, TaskCommand<I, A> command, InputReader reader) {
    try (var resumed = ResumedFile.open(resume)) {
      long done = resumed.passOver(reader);
      if (done > 0) {
        root.say("lanewise: %,d inputs are answered; going on after them".formatted(done));
      }
      var results = new TextOutput("--resume " + resume, resumed.stream());
      return run(root, command, new JsonLinesPrinter<>(command.format(), results), reader, done);
    }
  }

  private <I, A> int write(RootCommand root, TaskCommand<I, A> command, InputReader reader) {
    if (out == null) {
      return run(root, command, printer(command, root.results()), reader, 0);
    }
    try (var printer = command.printer(out).orElse(null)) {
      if (printer != null) {
        return run(root, command, printer, reader, 0);
      }
    }
    try (var written = OutputFile.open(out)) {
      int code;
      try {
        code = run(root, command, printer(command, written.results()), reader, 0);
      } catch (InputException e) {
        written.finishIfWritten(); // the answers before the bad input stand
        throw e;
      }
      written.finish();
      return code;
    }
  }

  private <I, A> Printer<A> printer(TaskCommand<I, A> command, TextOutput output) {
    if (json) {
      return new JsonPrinter<>(command.format(), output);
    }
    if (csv) {
      return new CsvPrinter<>(command.field(), command.format(), output);
    }
    return jsonLines
        ? new JsonLinesPrinter<>(command.format(), output)
        : new TablePrinter<>(command.field(), command.format(), output, isSeveral(command));
  }

  private <I, A> boolean isSeveral(TaskCommand<I, A> command) {
    boolean gathered = !input().isJson() && command.gather(List.of()).isPresent();
    return texts.size() != 1
        && !gathered
        && command.format().layout() != AnswerFormat.Layout.WITHOUT_TEXT;
  }

  private <I, A> int run(
      RootCommand root,
      TaskCommand<I, A> command,
      Printer<A> printer,
      InputReader reader,
      long done) {
    boolean skips = skipErrors || (isDialogue(root) && out == null && resume == null);
    long skipped;
    try (var progress = progress(root, done)) {
      var job =
          new Job<>(
              command,
              printer,
              skips,
              ErrorMessages.of(mixee),
              new WindowSize(System::nanoTime),
              progress);
      listener = job::batchDone;
      skipped = job.run(reader, done);
    }
    if (skipped > 0) {
      root.say(
          "lanewise: %,d input%s no answer; \"error\" says why"
              .formatted(skipped, skipped == 1 ? " has" : "s have"));
    }
    return 0;
  }

  /** On a terminal, and where it is in nobody's way. */
  private Progress progress(RootCommand root, long done) {
    boolean elsewhere = resume != null || out != null || !root.terminal().out();
    if (!root.terminal().err() || !elsewhere || isDialogue(root) || !texts.isEmpty()) {
      return Progress.NONE;
    }
    return root.progress(input().lines(), done);
  }

  private ParameterException usage(String message) {
    return new ParameterException(mixee.commandLine(), message);
  }
}
