package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.util.ArrayList;
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
final class TagCommand implements Callable<Integer>, TaskCommand<String, List<Entity>> {
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
  @ParentCommand private RootCommand root;
  private TokenClassifier task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.settings(DefaultModel.TAGS);
    try (var loaded = TokenClassifier.load(folder, job.options(model, folder))) {
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
      return job.run(root, this);
    }
  }

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<List<Entity>> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<List<Entity>> format() {
    boolean single = aggregation == Aggregation.NONE;
    var columns = new ArrayList<Column<Entity>>();
    columns.add(Column.text(single ? "entity" : "entity_group", Entity::label));
    columns.add(Column.<Entity>number("score", Entity::score).asFirst());
    if (single) {
      columns.add(Column.jsonOnly("index", Entity::index));
    }
    columns.add(Column.text("word", Entity::word));
    columns.add(Column.number("start", Entity::start));
    columns.add(Column.number("end", Entity::end));
    return AnswerFormat.list(columns);
  }
}
