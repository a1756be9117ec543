package io.lanewise.cli.option;

import io.lanewise.InputException;
import io.lanewise.cli.command.Lanewise;
import io.lanewise.cli.job.Entries;
import io.lanewise.cli.job.Job;
import io.lanewise.cli.job.JobInput;
import io.lanewise.cli.job.Pace;
import io.lanewise.cli.job.ResumedFile;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.output.CsvPrinter;
import io.lanewise.cli.output.JsonLinesPrinter;
import io.lanewise.cli.output.JsonPrinter;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.Progress;
import io.lanewise.cli.output.ResultFile;
import io.lanewise.cli.output.Results;
import io.lanewise.cli.output.TablePrinter;
import io.lanewise.cli.output.Wording;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.model.Options;
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
  public TaskOptions options(ModelOptions model) {
    checkFromOne("--batch-tokens", batchTokens);
    return TaskOptions.of(loading(model))
        .withBatchTokens(batchTokens)
        .withMaxLength(maxLength())
        .withListener((done, of) -> listener.batchDone(done, of));
  }

  /** Tokens to which longer texts are cut; 0 for not cut. */
  public int maxLength() {
    checkFromOne("--max-length", maxLength);
    return maxLength == null ? 0 : maxLength;
  }

  /**
   * How the model is loaded. A job that may go on in another process needs the same bits in each of
   * them, so it does not begin with the kernels of first calls, as {@code auto} may.
   */
  private Options loading(ModelOptions model) {
    var options = model.options((Lanewise) mixee.root().userObject());
    boolean steady =
        options.backend() != Backend.Choice.AUTO || options.precision() != Precision.FLOAT32;
    return resume == null || steady ? options : options.withBackend(Backend.Choice.VECTOR);
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
    checkFromOne("--batch-tokens", batchTokens);
    checkFromOne("--max-length", maxLength);
  }

  /**
   * Refuses a number below 1.
   *
   * @param number null where it was not given
   */
  public void checkFromOne(String option, Integer number) {
    if (number != null && number < 1) {
      throw usage(option + " " + number + ": give 1 or more");
    }
  }

  /**
   * Answers all inputs.
   *
   * @return the exit code
   * @throws InputException if an input has no answer, and --skip-errors was not given
   */
  public <I, A> int run(Lanewise lanewise, Verb<I, A> verb) {
    check();
    if (isDialogue(lanewise)) {
      lanewise.say(
          "lanewise: reading %s from the terminal, one a line; Ctrl-D ends them"
              .formatted(input().isJson() ? "JSON objects" : "texts"));
    }
    try (var entries = input().entries(lanewise, verb)) {
      return resume != null ? resume(lanewise, verb, entries) : write(lanewise, verb, entries);
    }
  }

  private JobInput input() {
    return new JobInput(texts, file, jsonLines, plain);
  }

  /** Whether somebody types the inputs. */
  private boolean isDialogue(Lanewise lanewise) {
    return texts.isEmpty() && file == null && lanewise.terminal().in();
  }

  private <I, A> int resume(Lanewise lanewise, Verb<I, A> verb, Entries entries) {
    try (var resumed = ResumedFile.open(resume)) {
      long done = resumed.passOver(entries);
      if (done > 0) {
        lanewise.say("lanewise: %,d inputs are answered; going on after them".formatted(done));
      }
      var results = new Results("--resume " + resume, resumed.stream());
      return run(lanewise, verb, new JsonLinesPrinter<>(verb, results), entries, done);
    }
  }

  private <I, A> int write(Lanewise lanewise, Verb<I, A> verb, Entries entries) {
    if (out == null) {
      return run(lanewise, verb, printer(verb, lanewise.results()), entries, 0);
    }
    try (var printer = verb.printer(out).orElse(null)) {
      if (printer != null) {
        return run(lanewise, verb, printer, entries, 0);
      }
    }
    try (var written = ResultFile.open(out)) {
      int code;
      try {
        code = run(lanewise, verb, printer(verb, written.results()), entries, 0);
      } catch (InputException e) {
        written.finishIfWritten(); // the answers before the bad input stand
        throw e;
      }
      written.finish();
      return code;
    }
  }

  private <I, A> Printer<I, A> printer(Verb<I, A> verb, Results results) {
    if (json) {
      return new JsonPrinter<>(verb, results);
    }
    if (csv) {
      return new CsvPrinter<>(verb, results);
    }
    return jsonLines
        ? new JsonLinesPrinter<>(verb, results)
        : new TablePrinter<>(verb, results, isSeveral(verb));
  }

  private <I, A> boolean isSeveral(Verb<I, A> verb) {
    boolean gathered = !input().isJson() && verb.gather(List.of()).isPresent();
    return texts.size() != 1 && !gathered && !verb.isBare();
  }

  private <I, A> int run(
      Lanewise lanewise, Verb<I, A> verb, Printer<I, A> printer, Entries entries, long done) {
    boolean skips = skipErrors || (isDialogue(lanewise) && out == null && resume == null);
    long skipped;
    try (var progress = progress(lanewise, done)) {
      var job =
          new Job<>(verb, printer, skips, Wording.of(mixee), new Pace(System::nanoTime), progress);
      listener = job::batchDone;
      skipped = job.run(entries, done);
    }
    if (skipped > 0) {
      lanewise.say(
          "lanewise: %,d input%s no answer; \"error\" says why"
              .formatted(skipped, skipped == 1 ? " has" : "s have"));
    }
    return 0;
  }

  /** On a terminal, and where it is in nobody's way. */
  private Progress progress(Lanewise lanewise, long done) {
    boolean elsewhere = resume != null || out != null || !lanewise.terminal().out();
    if (!lanewise.terminal().err() || !elsewhere || isDialogue(lanewise) || !texts.isEmpty()) {
      return Progress.NONE;
    }
    return lanewise.progress(input().lines(), done);
  }

  private ParameterException usage(String message) {
    return new ParameterException(mixee.commandLine(), message);
  }
}
