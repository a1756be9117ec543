package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.InputException;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.json.Json;
import io.lanewise.task.Reranker;
import io.lanewise.task.Reranker.Query;
import io.lanewise.task.Reranker.Ranked;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Passages in the order of how well they answer a query. */
@Command(
    name = "rerank",
    description = {
      "Sorts passages by how well they answer a query, with a cross-encoder. Each TEXT is a"
          + " passage.",
      "Prints a line a passage, best first: its score, its place, the passage."
    },
    footer = {
      "",
      "Plain passages are sorted together, so all of them are read first.",
      "Fields of a line with --jsonl: passages (a list), and query where it differs from --query.",
      "\"result\" is a list of {corpus_id, score, text}, best first.",
      "",
      "Example: lanewise rerank --model cross-encoder/ms-marco-MiniLM-L6-v2 \\",
      "         --query \"How tall is Etna?\" --file passages.txt --top-k 3"
    })
final class RerankCommand implements Callable<Integer>, Verb<Query, List<Ranked>> {
  @Mixin private JobOptions job;

  @Option(
      names = {"-q", "--query"},
      paramLabel = "TEXT",
      description = "What the passages are to answer.")
  private String query;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "Write the N best passages; default: all.")
  private Integer top;

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  private Reranker task;

  @Override
  public Integer call() {
    job.check();
    job.checkFromOne("--top-k", top);
    var folder = model.folder(SettingFallback.RELEVANCE);
    try (var loaded = Reranker.load(folder, job.options(model))) {
      task = top == null ? loaded : loaded.withTop(top);
      return job.run(lanewise, this);
    }
  }

  @Override
  public String field() {
    return "passage";
  }

  /** All plain passages are one question. */
  @Override
  public Optional<Entry> gather(List<Entry> passages) {
    var object = Json.mapper().createObjectNode();
    if (query != null) {
      object.put("query", query);
    }
    var list = object.putArray("passages");
    for (var each : passages) {
      try {
        list.add(each.text("passage"));
      } catch (InputException e) {
        // What is wrong with one of them is wrong with the question.
        return Optional.of(new Entry("", each.line(), "", each.at(e.statement())));
      }
    }
    return Optional.of(new Entry("", 1, object.toString(), null));
  }

  @Override
  public Query input(Entry entry) {
    var passages =
        entry
            .optionalTexts("passages")
            .orElseThrow(() -> new InputException("there is no field \"passages\""));
    var asked = entry.optionalText("query").orElse(query);
    if (asked == null) {
      throw new InputException("no query: give it with --query or in field \"query\"");
    }
    return new Query(asked, passages);
  }

  @Override
  public List<List<Ranked>> answer(List<Query> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public List<Column> columns() {
    return List.of(Column.number("score"), Column.number("corpus_id"), Column.text("text"));
  }

  @Override
  public List<List<Object>> rows(Query query, List<Ranked> ranking) {
    return ranking.stream()
        .map(each -> List.<Object>of(each.score(), each.index(), each.passage()))
        .toList();
  }

  @Override
  public void write(JsonGenerator out, List<Ranked> ranking) throws IOException {
    out.writeStartArray();
    for (var each : ranking) {
      out.writeStartObject();
      out.writeNumberField("corpus_id", each.index());
      out.writeNumberField("score", each.score());
      out.writeStringField("text", each.passage());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
