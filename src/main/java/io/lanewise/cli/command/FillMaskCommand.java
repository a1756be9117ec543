package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.FillMask;
import io.lanewise.task.FillMask.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
final class FillMaskCommand implements Callable<Integer>, Verb<String, FillMask.Answer> {
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
  @ParentCommand private Lanewise lanewise;
  @Spec private CommandSpec spec;
  private FillMask task;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top-k " + top + ": give 1 or more");
    }
    job.check();
    var folder = model.folder(SettingFallback.MASKED_WORDS);
    try (var fillMask = FillMask.load(folder, job.options(model))) {
      task = fillMask.withTop(top);
      if (!targets.isEmpty()) {
        task = task.withTargets(targets);
      }
      return job.run(lanewise, this);
    }
  }

  @Override
  public String input(Entry entry) {
    return entry.text("text");
  }

  @Override
  public List<FillMask.Answer> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.group("mask"),
        Column.number("score"),
        Column.hidden("token"),
        Column.text("token_str"),
        Column.text("sequence"));
  }

  @Override
  public List<List<Object>> rows(String text, FillMask.Answer answer) {
    var rows = new ArrayList<List<Object>>();
    for (int mask = 0; mask < answer.masks().size(); mask++) {
      for (var each : answer.masks().get(mask).candidates()) {
        rows.add(List.of(mask + 1, each.score(), each.id(), each.token(), each.text()));
      }
    }
    return rows;
  }

  @Override
  public void write(JsonGenerator out, FillMask.Answer answer) throws IOException {
    if (answer.masks().size() == 1) {
      writeList(out, answer.masks().getFirst().candidates());
      return;
    }
    out.writeStartArray();
    for (var mask : answer.masks()) {
      writeList(out, mask.candidates());
    }
    out.writeEndArray();
  }

  private static void writeList(JsonGenerator out, List<Candidate> candidates) throws IOException {
    out.writeStartArray();
    for (var candidate : candidates) {
      out.writeStartObject();
      out.writeNumberField("score", candidate.score());
      out.writeNumberField("token", candidate.id());
      out.writeStringField("token_str", candidate.token());
      out.writeStringField("sequence", candidate.text());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
