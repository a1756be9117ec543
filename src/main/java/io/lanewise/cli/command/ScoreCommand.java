package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.Likelihood;
import io.lanewise.task.Likelihood.Token;
import io.lanewise.task.Scorer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** How likely texts are. */
@Command(
    name = "score",
    description = {
      "Says how likely a text is: its perplexity, lower is likelier.",
      "A causal model gives each token its probability after those before it, a masked one with"
          + " all others in sight.",
      "Prints the perplexity, the sum of the logarithms of the probabilities, and how many they"
          + " are."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text. \"result\" is {perplexity, log_likelihood, tokens};",
      "with --tokens, tokens is a list of {token, start, end, log_probability}.",
      "",
      "Example: lanewise score \"Paris is the capital of France.\""
    })
final class ScoreCommand implements Callable<Integer>, TaskCommand<String, Likelihood> {
  @Mixin private JobOptions job;

  @Option(names = "--tokens", description = "Write the logarithm for each token.")
  private boolean tokens;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  private Scorer task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.MASKED_WORDS);
    try (var loaded = Scorer.load(folder, job.options(model, folder))) {
      task = loaded;
      return job.run(root, this);
    }
  }

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<Likelihood> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<Likelihood> format() {
    var perplexity =
        Column.number("perplexity", Likelihood::perplexity)
            .withJson(ScoreCommand::perplexityInJson);
    Column<Likelihood> sum = Column.number("log_likelihood", Likelihood::sum);
    if (!tokens) {
      return AnswerFormat.object(
          List.of(perplexity, sum, Column.number("tokens", each -> each.tokens().size())));
    }
    var list =
        AnswerFormat.list(
            List.of(
                Column.text("token", Token::token),
                Column.number("start", Token::start),
                Column.number("end", Token::end),
                Column.<Token>number("log_probability", Token::logProbability).asFirst()));
    return list.of(Likelihood::tokens)
        .withJson(
            List.of(perplexity, sum, Column.jsonOnly("tokens", each -> list.json(each.tokens()))));
  }

  /** JSON has no number for a text without tokens. */
  private static Double perplexityInJson(Likelihood likelihood) {
    return Double.isFinite(likelihood.perplexity()) ? likelihood.perplexity() : null;
  }
}
