package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LateReranker;
import io.lanewise.task.Reranker;
import io.lanewise.task.Reranker.Query;
import io.lanewise.task.Reranker.Ranked;
import io.lanewise.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Passages in the order of how well they answer a query. */
@Command(
    name = "rerank",
    description = {
      "Sorts passages by how well they answer a query, with a cross-encoder, or --late with a"
          + " late-interaction model. Each TEXT is a passage.",
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
final class RerankCommand implements Callable<Integer>, TaskCommand<Query, List<Ranked>> {
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

  @Option(
      names = "--late",
      description =
          "Compare the vectors of tokens (MaxSim): ColBERT and what is like it, and BGE-M3.")
  private boolean late;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  private Task<Query, List<Ranked>> task;

  @Override
  public Integer call() {
    job.check();
    OptionRange.checkFromOne(spec, "--top-k", top);
    var folder = model.settings(late ? DefaultModel.LATE_RELEVANCE : DefaultModel.RELEVANCE);
    var options = job.options(model, folder);
    int most = top == null ? Integer.MAX_VALUE : top;
    try (var loaded =
        late
            ? LateReranker.load(folder, options).withTop(most)
            : Reranker.load(folder, options).withTop(most)) {
      task = loaded;
      return job.run(root, this);
    }
  }

  @Override
  public String field() {
    return "passage";
  }

  /** All plain passages are one query's. */
  @Override
  public Optional<InputRecord> gather(List<InputRecord> inputs) {
    var passages = new ArrayList<String>();
    for (var each : inputs) {
      try {
        passages.add(each.text(field()));
      } catch (InputException e) {
        // What is wrong with one of them is wrong with all.
        return Optional.of(InputRecord.unreadable("", each.line(), each.at(e.statement())));
      }
    }
    var fields = new LinkedHashMap<String, Object>();
    if (query != null) {
      fields.put("query", query);
    }
    fields.put("passages", passages);
    return Optional.of(InputRecord.of(fields));
  }

  @Override
  public Query input(InputRecord given) {
    var passages =
        given
            .optionalTexts("passages")
            .orElseThrow(() -> new InputException("there is no field \"passages\""));
    var asked = given.optionalText("query").orElse(query);
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
  public AnswerFormat<List<Ranked>> format() {
    return AnswerFormat.list(
        List.of(
            Column.number("corpus_id", Ranked::index),
            Column.<Ranked>number("score", Ranked::score).asFirst(),
            Column.text("text", Ranked::passage)));
  }
}
