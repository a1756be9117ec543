package io.lanewise.cli.command;

import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.GenerationChoice;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.task.TextGenerator;
import io.lanewise.task.TextToText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Texts that go on, or texts for texts. */
@Command(
    name = "generate",
    description = {
      "Goes on with a text, or writes another for it.",
      "A decoder that stands alone (…ForCausalLM, …LMHeadModel) goes on, and samples unless told"
          + " otherwise; an encoder-decoder (…ForConditionalGeneration) writes a new text."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text. \"result\" is a list of {generated_text}.",
      "",
      "Example: lanewise generate --model FOLDER --no-sample -n 20 \"Once upon a time\""
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private JobOptions job;

  @Option(
      names = "--continuation",
      description = "Write what comes after the text only, without the text itself.")
  private boolean continuation;

  @Mixin private GenerationChoice generation;
  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.TEXTS);
    return isEncoderDecoder(folder) ? rewrite(folder) : goOn(folder);
  }

  private static boolean isEncoderDecoder(FolderSettings folder) {
    return folder.head().orElse(Head.MODEL) == Head.CONDITIONAL_GENERATION;
  }

  private int goOn(FolderSettings folder) {
    try (var loaded = TextGenerator.load(folder, job.options(model, folder))) {
      var task = loaded.with(generation.options()).withFullText(!continuation);
      return new GeneratedTexts("generated_text", task::predictAll, task::stream)
          .run(root, job, generation.streams());
    }
  }

  private int rewrite(FolderSettings folder) {
    try (var loaded = TextToText.load(folder, job.options(model, folder))) {
      var task = loaded.with(generation.options());
      return new GeneratedTexts("generated_text", task::predictAll, task::stream)
          .run(root, job, generation.streams());
    }
  }
}
