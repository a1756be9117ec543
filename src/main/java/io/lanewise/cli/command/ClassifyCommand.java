package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.LabelScores;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import io.lanewise.task.ScoreFunction;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

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
final class ClassifyCommand implements Callable<Integer>, Verb<TextPair, List<LabelScore>> {
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
  @ParentCommand private Lanewise lanewise;
  private TextClassifier task;

  @Override
  public Integer call() {
    job.check();
    job.checkFromOne("--top-k", top);
    var folder = model.folder(SettingFallback.CLASSES);
    try (var loaded = TextClassifier.load(folder, job.options(model))) {
      task = function == null ? loaded : loaded.withFunction(function);
      if (threshold != null) {
        task = task.withThreshold(threshold);
      }
      if (top != null || isOneRow()) {
        task = task.withTop(top == null ? 1 : top);
      }
      return job.run(lanewise, this);
    }
  }

  @Override
  public TextPair input(Entry entry) {
    return new TextPair(entry.text("text"), entry.optionalText("pair").orElse(pair));
  }

  @Override
  public List<List<LabelScore>> answer(List<TextPair> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public boolean isOneRow() {
    return top == null && threshold == null;
  }

  @Override
  public List<Column> columns() {
    return LabelScores.COLUMNS;
  }

  @Override
  public List<List<Object>> rows(TextPair text, List<LabelScore> labels) {
    return LabelScores.rows(labels);
  }

  @Override
  public void write(JsonGenerator out, List<LabelScore> labels) throws IOException {
    if (isOneRow()) {
      LabelScores.write(out, labels.getFirst());
    } else {
      LabelScores.write(out, labels);
    }
  }
}
