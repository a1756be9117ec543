package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.EmbedderOptions;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.Embedder;
import io.lanewise.task.TextPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** How alike texts are. */
@Command(
    name = "similarity",
    description = {
      "Says how alike texts are: by the cosine of their vectors, or what the model's files name.",
      "Of several TEXTs, the first is compared with each other; or --to with all."
    },
    footer = {
      "",
      "Fields of a line with --jsonl: text, and pair where it is not --to. \"result\" is the",
      "similarity, a number.",
      "",
      "Example: lanewise similarity --model sentence-transformers/all-MiniLM-L6-v2 \\",
      "         \"A cat sits on the mat.\" \"On the rug there is a cat.\""
    })
final class SimilarityCommand implements Callable<Integer>, TaskCommand<TextPair, Float> {
  @Mixin private JobOptions job;

  @Option(names = "--to", paramLabel = "TEXT", description = "The text to compare with.")
  private String other;

  @Mixin private EmbedderOptions embedder;
  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  private Embedder task;

  @Override
  public Integer call() {
    job.check();
    if (other == null && job.texts().size() > 1) {
      other = job.takeFirst();
    }
    var folder = model.settings(DefaultModel.VECTORS);
    try (var loaded = embedder.load(folder, job.options(model, folder))) {
      task = loaded;
      return job.run(root, this);
    }
  }

  @Override
  public TextPair input(InputRecord given) {
    var second = given.optionalText("pair").orElse(other);
    if (second == null) {
      throw new InputException("one text alone: give a second one, or --to TEXT");
    }
    return new TextPair(given.text("text"), second);
  }

  @Override
  public List<Float> answer(List<TextPair> inputs) {
    var places = new LinkedHashMap<String, Integer>();
    for (var pair : inputs) {
      places.putIfAbsent(pair.first(), places.size());
      places.putIfAbsent(pair.second(), places.size());
    }
    var embeddings = task.predictAll(new ArrayList<>(places.keySet()));
    return inputs.stream()
        .map(
            pair ->
                task.similarity(
                    embeddings.get(places.get(pair.first())),
                    embeddings.get(places.get(pair.second()))))
        .toList();
  }

  @Override
  public AnswerFormat<Float> format() {
    return AnswerFormat.value(Column.number("similarity", similarity -> similarity));
  }
}
