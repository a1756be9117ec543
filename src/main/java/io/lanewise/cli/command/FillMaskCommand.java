package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.FillMask;
import io.lanewise.task.FillMask.Candidate;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The words that fit the masks of a text. */
@Command(
    name = "fill-mask",
    description = {
      "Finds the words that fit the masks of a text, such as [MASK] or <mask>.",
      "Prints a line a candidate, best first: its probability, the word, the text."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text. \"result\" is a list of candidates {score, token,",
      "token_str, sequence}, token being the id; for a text with several masks a list of such",
      "lists, whose sequences keep the special tokens. --json of several texts is a list of what",
      "each gives alone.",
      "",
      "Example: lanewise fill-mask \"The capital of [MASK] is Paris.\""
    })
final class FillMaskCommand implements Callable<Integer>, TaskCommand<String, FillMask.Answer> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Candidates for each mask; default: ${DEFAULT-VALUE}.")
  private int top;

  @Option(
      names = "--targets",
      paramLabel = "WORD",
      split = ",",
      description =
          "Rank these words only, separated by commas, as the vocabulary writes them (ALBERT:"
              + " ▁france); default: all of it.")
  private List<String> targets = List.of();

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  private FillMask task;

  @Override
  public Integer call() {
    job.check();
    OptionRange.checkFromOne(spec, "--top-k", top);
    var folder = model.settings(DefaultModel.MASKED_WORDS);
    try (var fillMask = FillMask.load(folder, job.options(model, folder))) {
      task = fillMask.withTop(top);
      if (!targets.isEmpty()) {
        task = task.withTargets(targets);
      }
      return job.run(root, this);
    }
  }

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<FillMask.Answer> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<FillMask.Answer> format() {
    return AnswerFormat.groups(
            "mask",
            List.of(
                Column.number("score", Candidate::score),
                Column.notInTable("token", Candidate::id),
                Column.text("token_str", Candidate::token),
                Column.text("sequence", Candidate::text)))
        .of(answer -> answer.masks().stream().map(FillMask.Mask::candidates).toList());
  }
}
