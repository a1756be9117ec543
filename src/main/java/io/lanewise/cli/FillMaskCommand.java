package io.lanewise.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.json.Json;
import io.lanewise.task.FillMask;
import io.lanewise.task.FillMask.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The words that fit the masks of a text. */
@Command(
    name = "fill-mask",
    description = "Finds the words that fit the masks of a text.",
    footer = {
      "",
      "Prints a line a candidate, best first: its probability, the word, the text.",
      "",
      "--json prints one document, as Hugging Face's pipeline returns it: a list of",
      "candidates {score, token, token_str, sequence}; for a text with several masks",
      "a list of such lists; for several texts a list of what each gives alone."
    })
final class FillMaskCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = {
        "Texts, each with at least one mask, such as \"The capital of [MASK] is Paris.\"",
        "None: standard input, a text a line."
      })
  private List<String> texts = List.of();

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "How many candidates for each mask; default: 5.")
  private int top = 5;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top-k " + top + ": give 1 or more");
    }
    try (var fillMask = FillMask.load(model.folder(), model.options()).withTop(top)) {
      if (json) {
        printDocument(fillMask.predictAll(texts.isEmpty() ? lines() : texts));
      } else if (!texts.isEmpty()) {
        printAll(fillMask);
      } else {
        printEachLine(fillMask);
      }
    }
    return 0;
  }

  private List<String> lines() {
    var lines = new ArrayList<String>();
    var input = new TextLines(lanewise.in());
    for (var line = input.nextText(); line != null; line = input.nextText()) {
      lines.add(line);
    }
    return lines;
  }

  private void printAll(FillMask fillMask) {
    var results = fillMask.predictAll(texts);
    for (int i = 0; i < texts.size(); i++) {
      if (texts.size() > 1) {
        lanewise.results().line((i == 0 ? "" : "\n") + Table.visible(texts.get(i)));
      }
      print(results.get(i), texts.size() > 1 ? "  " : "");
    }
  }

  /** Answers a line when it comes, so that it can be used in a dialogue. */
  private void printEachLine(FillMask fillMask) {
    var input = new TextLines(lanewise.in());
    boolean first = true;
    for (var line = input.nextText(); line != null; line = input.nextText()) {
      var masks = fillMask.predict(line);
      lanewise.results().line((first ? "" : "\n") + Table.visible(line));
      print(masks, "  ");
      lanewise.results().flush();
      first = false;
    }
  }

  private void print(List<List<Candidate>> masks, String indent) {
    for (int i = 0; i < masks.size(); i++) {
      var table = new Table("lll");
      for (var candidate : masks.get(i)) {
        table.row(score(candidate.score()), candidate.token(), candidate.text());
      }
      if (masks.size() > 1) {
        lanewise.results().line(indent + "mask " + (i + 1));
      }
      table.print(lanewise.results(), masks.size() > 1 ? indent + "  " : indent);
    }
  }

  /** Six decimals, or as many digits of a smaller number. */
  private static String score(float score) {
    return score >= 1e-4f || score == 0
        ? String.format(Locale.ROOT, "%.6f", score)
        : String.format(Locale.ROOT, "%.2e", score);
  }

  private void printDocument(List<List<List<Candidate>>> results) {
    try (var out = Json.factory().createGenerator(lanewise.results().stream())) {
      out.useDefaultPrettyPrinter();
      writeAlone(
          out, results, (json, masks) -> writeAlone(json, masks, FillMaskCommand::writeList));
    } catch (IOException e) {
      throw new Results.Lost(e);
    }
    lanewise.results().line("");
  }

  /** Writes one element of JSON. */
  private interface Writer<T> {
    void write(JsonGenerator out, T value) throws IOException;
  }

  /** A list of one is written as what it holds, as Hugging Face's pipeline returns it. */
  private static <T> void writeAlone(JsonGenerator out, List<T> values, Writer<T> writer)
      throws IOException {
    if (values.size() == 1) {
      writer.write(out, values.getFirst());
      return;
    }
    out.writeStartArray();
    for (var value : values) {
      writer.write(out, value);
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
