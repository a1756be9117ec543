package io.lanewise.cli.command;

import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.GenerationChoice;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.task.Summarizer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Summaries of texts. */
@Command(
    name = "summarize",
    description = "Sums up texts, with an encoder-decoder that was trained for it.",
    footer = {
      "",
      "Fields of a line with --jsonl: text. \"result\" is a list of {summary_text}.",
      "",
      "Example: lanewise summarize --model facebook/bart-large-cnn --max-length 1024 --jsonl",
      "         --file articles.jsonl"
    })
final class SummarizeCommand implements Callable<Integer> {
  @Mixin private JobOptions job;
  @Mixin private GenerationChoice generation;
  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.SUMMARIES);
    try (var loaded = Summarizer.load(folder, job.options(model, folder))) {
      var task = loaded.with(generation.options());
      return new GeneratedTexts("summary_text", task::predictAll, task::stream)
          .run(root, job, generation.streams());
    }
  }
}
