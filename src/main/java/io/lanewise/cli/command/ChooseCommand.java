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
import io.lanewise.task.MultipleChoice;
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
    implements Callable<Integer>, TaskCommand<MultipleChoice.Question, List<LabelScore>> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-c", "--choice"},
      paramLabel = "TEXT",
      description = "One of the choices; once for each.")
  private List<String> choices = List.of();

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  private MultipleChoice task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.CHOICES);
    try (var loaded = MultipleChoice.load(folder, job.options(model, folder))) {
      task = loaded;
      return job.run(root, this);
    }
  }

  @Override
  public String field() {
    return "premise";
  }

  @Override
  public MultipleChoice.Question input(InputRecord given) {
    var endings = given.optionalTexts("choices").orElse(choices);
    if (endings.isEmpty()) {
      throw new InputException("no choices: give each with --choice, or all in field \"choices\"");
    }
    return new MultipleChoice.Question(given.text("premise"), endings);
  }

  @Override
  public List<List<LabelScore>> answer(List<MultipleChoice.Question> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<List<LabelScore>> format() {
    return AnswerFormat.list(
        List.of(
            Column.number("index", LabelScore::id),
            Column.text("choice", LabelScore::label),
            Column.<LabelScore>number("score", LabelScore::score).asFirst()));
  }
}
