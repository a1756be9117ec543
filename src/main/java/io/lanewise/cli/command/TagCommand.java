package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The entities in a text. */
@Command(
    name = "tag",
    description = {
      "Labels the words of a text: names, places, parts of speech.",
      "Prints a line an entity: its score, its label, its words, where it begins and ends."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text. \"result\" is a list of {entity_group, score, word,",
      "start, end}; with --aggregation none of {entity, score, index, word, start, end}.",
      "",
      "Example: lanewise tag --model dslim/bert-base-NER \"Ada Lovelace lived in London.\""
    })
final class TagCommand implements Callable<Integer>, Verb<String, List<Entity>> {
  @Mixin private JobOptions job;

  @Option(
      names = "--aggregation",
      paramLabel = "HOW",
      description = {
        "How tokens become entities: none, simple, first, average or max; default: simple."
      })
  private Aggregation aggregation = Aggregation.SIMPLE;

  @Option(
      names = "--ignore",
      paramLabel = "LABEL",
      split = ",",
      description = "Labels to leave out, separated by commas; default: O.")
  private Set<String> ignored;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description = "Read long texts in windows that share so many tokens.")
  private Integer stride;

  @Option(
      names = "--code-points",
      description = "Count places in Unicode code points, as Python does, not in UTF-16 units.")
  private boolean codePoints;

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  private TokenClassifier task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.folder(SettingFallback.TAGS);
    try (var loaded = TokenClassifier.load(folder, job.options(model))) {
      task =
          loaded
              .withAggregation(aggregation)
              .withOffsets(codePoints ? OffsetUnit.CODE_POINTS : OffsetUnit.UTF_16);
      if (ignored != null) {
        task =
            task.withIgnoredLabels(
                ignored.stream().map(String::strip).collect(Collectors.toUnmodifiableSet()));
      }
      if (stride != null) {
        task = task.withStride(stride);
      }
      return job.run(lanewise, this);
    }
  }

  @Override
  public String input(Entry entry) {
    return entry.text("text");
  }

  @Override
  public List<List<Entity>> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public List<Column> columns() {
    return List.of(
        Column.number("score"),
        Column.text(field(aggregation)),
        Column.text("word"),
        Column.number("start"),
        Column.number("end"));
  }

  @Override
  public List<List<Object>> rows(String text, List<Entity> entities) {
    return entities.stream()
        .map(
            each ->
                List.<Object>of(each.score(), each.label(), each.word(), each.start(), each.end()))
        .toList();
  }

  private static String field(Aggregation aggregation) {
    return aggregation == Aggregation.NONE ? "entity" : "entity_group";
  }

  @Override
  public void write(JsonGenerator out, List<Entity> entities) throws IOException {
    out.writeStartArray();
    for (var entity : entities) {
      out.writeStartObject();
      out.writeStringField(field(aggregation), entity.label());
      out.writeNumberField("score", entity.score());
      if (entity.index() != Entity.NO_INDEX) {
        out.writeNumberField("index", entity.index());
      }
      out.writeStringField("word", entity.word());
      out.writeNumberField("start", entity.start());
      out.writeNumberField("end", entity.end());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
