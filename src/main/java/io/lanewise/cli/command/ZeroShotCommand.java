package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.InputException;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.LabelScores;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import io.lanewise.task.ZeroShot;
import java.io.IOException;
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
    implements Callable<Integer>, Verb<ZeroShot.Question, ZeroShotCommand.Answer> {
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
  @ParentCommand private Lanewise lanewise;
  private ZeroShot task;

  /** The labels of a text, best first. */
  record Answer(String text, List<LabelScore> labels) {}

  @Override
  public Integer call() {
    job.check();
    var folder = model.folder(SettingFallback.ENTAILMENT);
    try (var loaded = ZeroShot.load(folder, job.options(model), entailment)) {
      task = loaded.withTemplate(template).withMultiLabel(multiLabel);
      return job.run(lanewise, this);
    }
  }

  @Override
  public ZeroShot.Question input(Entry entry) {
    var given = entry.optionalTexts("labels").orElseGet(this::common);
    if (given.isEmpty()) {
      throw new InputException("no labels: name them with --labels sport,politics");
    }
    return new ZeroShot.Question(entry.text("text"), given);
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
  public List<Column> columns() {
    return LabelScores.COLUMNS;
  }

  @Override
  public List<List<Object>> rows(ZeroShot.Question question, Answer answer) {
    return LabelScores.rows(answer.labels);
  }

  @Override
  public void write(JsonGenerator out, Answer answer) throws IOException {
    out.writeStartObject();
    out.writeStringField("sequence", answer.text);
    out.writeArrayFieldStart("labels");
    for (var each : answer.labels) {
      out.writeString(each.label());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("scores");
    for (var each : answer.labels) {
      out.writeNumber(each.score());
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
