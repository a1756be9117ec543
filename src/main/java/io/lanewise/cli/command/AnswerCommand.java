package io.lanewise.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.job.TextLines;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.AnswerFormat.Layout;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.ErrorReporter;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.QuestionAnswerer.Answer;
import io.lanewise.task.QuestionAnswerer.Question;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The answers to questions, found in a text. */
@Command(
    name = "answer",
    description = {
      "Finds the answers to questions in a context. Each TEXT is a question.",
      "Prints a line an answer: its score, where it begins and ends in the context, the answer."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: question, and context where it differs from --context.",
      "\"result\" is {score, start, end, answer}; with --top-k a list of them.",
      "",
      "Example: lanewise answer --model deepset/roberta-base-squad2 --context-file page.txt",
      "         \"Where does Ada live?\""
    })
final class AnswerCommand implements Callable<Integer>, TaskCommand<Question, List<Answer>> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "TEXT",
      description = "The text that holds the answers; it may be long.")
  private String context;

  @Option(
      names = "--context-file",
      paramLabel = "FILE",
      description = "The same, the whole of this file.")
  private Path contextFile;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "Write a list of the N best answers; default: the best one alone.")
  private Integer top;

  @Option(
      names = "--impossible",
      description = "The context may hold no answer: an empty one counts among the others.")
  private boolean impossible;

  @Option(
      names = "--max-answer-length",
      paramLabel = "N",
      description = "Tokens of an answer at most; default: 15.")
  private Integer longestAnswer;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description = "Tokens that windows of a long context share; default: 128 at most.")
  private Integer stride;

  @Option(
      names = "--code-points",
      description = "Count places in Unicode code points, as Python does, not in UTF-16 units.")
  private boolean codePoints;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  private QuestionAnswerer task;

  @Override
  public Integer call() {
    job.check();
    OptionRange.checkFromOne(spec, "--top-k", top);
    OptionRange.checkFromOne(spec, "--max-answer-length", longestAnswer);
    if (context != null && contextFile != null) {
      throw new ParameterException(
          spec.commandLine(), "--context and --context-file exclude each other");
    }
    if (contextFile != null) {
      context = read(contextFile);
    }
    var folder = model.settings(DefaultModel.SPANS);
    try (var loaded = QuestionAnswerer.load(folder, job.options(model, folder))) {
      task =
          loaded
              .withTop(top == null ? 1 : top)
              .withImpossibleAnswer(impossible)
              .withOffsets(codePoints ? OffsetUnit.CODE_POINTS : OffsetUnit.UTF_16);
      if (longestAnswer != null) {
        task = task.withMaxAnswerLength(longestAnswer);
      }
      if (stride != null) {
        task = task.withDocStride(stride);
      }
      return job.run(root, this);
    }
  }

  private static String read(Path file) {
    // It may be a pipe, which has no size.
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(TextLines.LONGEST + 1);
      if (bytes.length > TextLines.LONGEST) {
        throw new InputException(
            "--context-file " + file + " is longer than " + TextLines.LONGEST + " bytes: cut it");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException e) {
      throw new InputException(
          "--context-file " + file + " cannot be read as UTF-8: " + ErrorReporter.reason(e), e);
    }
  }

  @Override
  public String field() {
    return "question";
  }

  @Override
  public Question input(InputRecord given) {
    var searched = given.optionalText("context").orElse(context);
    if (searched == null) {
      throw new InputException("no context: give it with --context or in field \"context\"");
    }
    return new Question(given.text("question"), searched);
  }

  @Override
  public List<List<Answer>> answer(List<Question> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<List<Answer>> format() {
    List<Column<Answer>> columns =
        List.of(
            Column.number("score", Answer::score),
            Column.number("start", Answer::start),
            Column.number("end", Answer::end),
            Column.text("answer", Answer::text));
    return top != null
        ? AnswerFormat.list(columns)
        : AnswerFormat.object(columns).of(List<Answer>::getFirst).withLayout(Layout.BELOW_TEXT);
  }
}
