package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.NextSentence;
import io.lanewise.task.SentenceOrder;
import io.lanewise.task.TextPair;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Whether one text follows another. */
@Command(
    name = "next-sentence",
    description = {
      "Says whether one text follows another, as BERT and NEZHA have learnt it.",
      "Prints the probability that it does."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text, and pair where it differs from --pair. \"result\" is",
      "{follows, score}, with --order {in_order, score}.",
      "",
      "Example: lanewise next-sentence --model google-bert/bert-base-uncased \\",
      "         \"It was raining.\" --pair \"We stayed at home.\""
    })
final class NextSentenceCommand implements Callable<Integer>, TaskCommand<TextPair, Float> {
  @Mixin private JobOptions job;

  @Option(names = "--pair", paramLabel = "TEXT", description = "The text that may come next.")
  private String pair;

  @Option(
      names = "--order",
      description = "Ask ALBERT's question: whether two pieces of a text stand in their order.")
  private boolean order;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  private Function<List<TextPair>, List<Float>> task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.SENTENCES);
    if (order) {
      try (var loaded = SentenceOrder.load(folder, job.options(model, folder))) {
        task =
            pairs ->
                loaded.predictAll(pairs).stream().map(SentenceOrder.Answer::probability).toList();
        return job.run(root, this);
      }
    }
    try (var loaded = NextSentence.load(folder, job.options(model, folder))) {
      task =
          pairs -> loaded.predictAll(pairs).stream().map(NextSentence.Answer::probability).toList();
      return job.run(root, this);
    }
  }

  @Override
  public TextPair input(InputRecord given) {
    return new TextPair(given.text("text"), given.optionalText("pair").orElse(pair));
  }

  @Override
  public List<Float> answer(List<TextPair> inputs) {
    return task.apply(inputs);
  }

  @Override
  public AnswerFormat<Float> format() {
    return AnswerFormat.object(
        List.of(
            Column.text(order ? "in_order" : "follows", probability -> probability > 0.5f),
            Column.<Float>number("score", probability -> probability).asFirst()));
  }
}
