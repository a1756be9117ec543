package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import io.lanewise.task.ZeroShot;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Labels that the model was not trained for. */
@Command(
    name = "zero-shot",
    description = {
      "Gives texts labels of your own, with a model of natural language inference.",
      "Prints a line a label, best first: its score, the label."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text, and labels (a list) where they differ from --labels.",
      "\"result\" is {sequence, labels, scores}.",
      "",
      "Example: lanewise zero-shot --model facebook/bart-large-mnli --labels sport,politics TEXT"
    })
final class ZeroShotCommand
    implements Callable<Integer>, TaskCommand<ZeroShot.Question, ZeroShotCommand.Answer> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-l", "--labels"},
      paramLabel = "LABEL",
      split = ",",
      description = "The labels to choose from, separated by commas.")
  private List<String> labels = List.of();

  @Option(
      names = "--entailment",
      paramLabel = "LABEL",
      description = "The model's label that means entailment; default: the one that says so.")
  private String entailment;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      defaultValue = "This example is {}.",
      description = "The sentence to be entailed, {} for the label; default: ${DEFAULT-VALUE}")
  private String template;

  @Option(
      names = "--multi-label",
      description = "Labels do not exclude each other: each has a probability of its own.")
  private boolean multiLabel;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  private ZeroShot task;

  /** The labels of a text, best first. */
  record Answer(String text, List<LabelScore> labels) {}

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.ENTAILMENT);
    try (var loaded = ZeroShot.load(folder, job.options(model, folder), entailment)) {
      task = loaded.withTemplate(template).withMultiLabel(multiLabel);
      return job.run(root, this);
    }
  }

  @Override
  public ZeroShot.Question input(InputRecord given) {
    var candidates = given.optionalTexts("labels").orElseGet(this::common);
    if (candidates.isEmpty()) {
      throw new InputException("no labels: name them with --labels sport,politics");
    }
    return new ZeroShot.Question(given.text("text"), candidates);
  }

  private List<String> common() {
    return labels.stream().map(ZeroShot::labels).flatMap(List::stream).toList();
  }

  @Override
  public List<Answer> answer(List<ZeroShot.Question> inputs) {
    var answers = task.predictAll(inputs);
    return IntStream.range(0, inputs.size())
        .mapToObj(i -> new Answer(inputs.get(i).text(), answers.get(i)))
        .toList();
  }

  @Override
  public AnswerFormat<Answer> format() {
    return AnswerFormat.list(LabelColumns.ALL)
        .of(Answer::labels)
        .withJson(
            List.of(
                Column.jsonOnly("sequence", Answer::text),
                Column.jsonOnly(
                    "labels", each -> each.labels.stream().map(LabelScore::label).toList()),
                Column.jsonOnly(
                    "scores", each -> each.labels.stream().map(LabelScore::score).toList())));
  }
}
