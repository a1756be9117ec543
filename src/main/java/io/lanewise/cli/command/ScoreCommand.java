package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.Likelihood;
import io.lanewise.task.Scorer;
import java.io.IOException;
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
final class ScoreCommand implements Callable<Integer>, Verb<String, Likelihood> {
  @Mixin private JobOptions job;

  @Option(names = "--tokens", description = "Write the logarithm for each token.")
  private boolean tokens;

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  private Scorer task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.folder(SettingFallback.MASKED_WORDS);
    try (var loaded = Scorer.load(folder, job.options(model))) {
      task = loaded;
      return job.run(lanewise, this);
    }
  }

  @Override
  public String input(Entry entry) {
    return entry.text("text");
  }

  @Override
  public List<Likelihood> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public boolean isOneRow() {
    return !tokens;
  }

  @Override
  public List<Column> columns() {
    return tokens
        ? List.of(
            Column.number("log_probability"),
            Column.text("token"),
            Column.number("start"),
            Column.number("end"))
        : List.of(
            Column.number("perplexity"), Column.number("log_likelihood"), Column.number("tokens"));
  }

  @Override
  public List<List<Object>> rows(String text, Likelihood likelihood) {
    return tokens
        ? likelihood.tokens().stream()
            .map(
                each ->
                    List.<Object>of(each.logProbability(), each.token(), each.start(), each.end()))
            .toList()
        : List.of(List.of(likelihood.perplexity(), likelihood.sum(), likelihood.tokens().size()));
  }

  @Override
  public void write(JsonGenerator out, Likelihood likelihood) throws IOException {
    out.writeStartObject();
    out.writeFieldName("perplexity");
    if (Double.isFinite(likelihood.perplexity())) {
      out.writeNumber(likelihood.perplexity());
    } else {
      out.writeNull(); // a text without tokens
    }
    out.writeNumberField("log_likelihood", likelihood.sum());
    if (!tokens) {
      out.writeNumberField("tokens", likelihood.tokens().size());
      out.writeEndObject();
      return;
    }
    out.writeArrayFieldStart("tokens");
    for (var token : likelihood.tokens()) {
      out.writeStartObject();
      out.writeStringField("token", token.token());
      out.writeNumberField("start", token.start());
      out.writeNumberField("end", token.end());
      out.writeNumberField("log_probability", token.logProbability());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
