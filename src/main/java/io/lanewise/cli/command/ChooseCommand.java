package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.InputException;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import io.lanewise.task.MultipleChoice;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The best of several ways in which a text may go on. */
@Command(
    name = "choose",
    description = {
      "Chooses among several ways in which a text may go on, or answers to a question.",
      "Prints a line a choice, best first: its probability, its place, the choice."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: premise, and choices (a list) where they differ from",
      "--choice. \"result\" is a list of {index, choice, score}, best first.",
      "",
      "Example: lanewise choose --model FOLDER \"He sat down at the piano and\" \\",
      "         --choice \"played.\" --choice \"ate it.\""
    })
final class ChooseCommand
    implements Callable<Integer>, Verb<MultipleChoice.Question, List<LabelScore>> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-c", "--choice"},
      paramLabel = "TEXT",
      description = "One of the choices; once for each.")
  private List<String> choices = List.of();

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  private MultipleChoice task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.folder(SettingFallback.CHOICES);
    try (var loaded = MultipleChoice.load(folder, job.options(model))) {
      task = loaded;
      return job.run(lanewise, this);
    }
  }

  @Override
  public String field() {
    return "premise";
  }

  @Override
  public MultipleChoice.Question input(Entry entry) {
    var given = entry.optionalTexts("choices").orElse(choices);
    if (given.isEmpty()) {
      throw new InputException("no choices: give each with --choice, or all in field \"choices\"");
    }
    return new MultipleChoice.Question(entry.text("premise"), given);
  }

  @Override
  public List<List<LabelScore>> answer(List<MultipleChoice.Question> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.number("score"), Column.number("index"), Column.text("choice"));
  }

  @Override
  public List<List<Object>> rows(MultipleChoice.Question question, List<LabelScore> choices) {
    return choices.stream()
        .map(each -> List.<Object>of(each.score(), each.id(), each.label()))
        .toList();
  }

  @Override
  public void write(JsonGenerator out, List<LabelScore> choices) throws IOException {
    out.writeStartArray();
    for (var each : choices) {
      out.writeStartObject();
      out.writeNumberField("index", each.id());
      out.writeStringField("choice", each.label());
      out.writeNumberField("score", each.score());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
