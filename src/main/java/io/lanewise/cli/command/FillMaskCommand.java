package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
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
final class FillMaskCommand
    implements Callable<Integer>, TaskCommand<String, List<List<Candidate>>> {
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
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top-k " + top + ": give 1 or more");
    }
    job.check();
    var folder = model.folder(DefaultModel.MASKED_WORDS);
    try (var fillMask = FillMask.load(folder, job.loading(model), job.limits())) {
      task = fillMask.withTop(top);
      if (!targets.isEmpty()) {
        task = task.withTargets(targets);
      }
      return job.run(root, this);
    }
  }

  @Override
  public String input(InputRecord entry) {
    return entry.text("text");
  }

  @Override
  public List<List<List<Candidate>>> answer(List<String> inputs) {
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
  public List<List<Object>> rows(String text, List<List<Candidate>> masks) {
    var rows = new ArrayList<List<Object>>();
    for (int mask = 0; mask < masks.size(); mask++) {
      for (var each : masks.get(mask)) {
        rows.add(List.of(mask + 1, each.score(), each.id(), each.token(), each.text()));
      }
    }
    return rows;
  }

  @Override
  public void write(JsonGenerator out, List<List<Candidate>> masks) throws IOException {
    if (masks.size() == 1) {
      writeList(out, masks.getFirst());
      return;
    }
    out.writeStartArray();
    for (var candidates : masks) {
      writeList(out, candidates);
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
