package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.task.LabelScore;
import io.lanewise.task.ScoreFunction;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The labels of texts. */
@Command(
    name = "classify",
    description = {
      "Gives texts, or pairs of texts, their labels.",
      "Prints the best label and its score; with --top-k several, best first."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text, and pair for a second text beside it. \"result\" is",
      "{label, score}; with --top-k a list of them.",
      "",
      "Example: lanewise classify --file reviews.txt --csv"
    })
final class ClassifyCommand implements Callable<Integer>, TaskCommand<TextPair, List<LabelScore>> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "Write a list of the N best labels; default: the best one alone.")
  private Integer top;

  @Option(names = "--pair", paramLabel = "TEXT", description = "A second text beside each text.")
  private String pair;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      description =
          "From logits to scores: sigmoid, softmax or none; default: as the model's files say.")
  private ScoreFunction function;

  @Option(
      names = "--threshold",
      paramLabel = "SCORE",
      description = "Write a list of the labels whose score is higher than this.")
  private Float threshold;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  private TextClassifier task;

  @Override
  public Integer call() {
    job.check();
    OptionRange.checkFromOne(spec, "--top-k", top);
    var folder = model.settings(DefaultModel.CLASSES);
    try (var loaded = TextClassifier.load(folder, job.options(model, folder))) {
      task = function == null ? loaded : loaded.withFunction(function);
      if (threshold != null) {
        task = task.withThreshold(threshold);
      }
      if (top != null || isBestAlone()) {
        task = task.withTop(top == null ? 1 : top);
      }
      return job.run(root, this);
    }
  }

  @Override
  public TextPair input(InputRecord given) {
    return new TextPair(given.text("text"), given.optionalText("pair").orElse(pair));
  }

  @Override
  public List<List<LabelScore>> answer(List<TextPair> inputs) {
    return task.predictAll(inputs);
  }

  /** Whether the best label is written alone, and no list. */
  private boolean isBestAlone() {
    return top == null && threshold == null;
  }

  @Override
  public AnswerFormat<List<LabelScore>> format() {
    return isBestAlone()
        ? AnswerFormat.object(LabelColumns.ALL).of(List<LabelScore>::getFirst)
        : AnswerFormat.list(LabelColumns.ALL);
  }
}
