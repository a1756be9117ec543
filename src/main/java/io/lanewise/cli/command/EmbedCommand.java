package io.lanewise.cli.command;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.DefaultModel;
import io.lanewise.cli.option.EmbedderOptions;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SparseOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.VectorFile;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Texts as vectors. */
@Command(
    name = "embed",
    description = {
      "Turns texts into vectors, as sentence-transformers does; with --sparse into sparse ones.",
      "Prints the first numbers of each vector; --jsonl, --json and --csv have all of them."
    },
    footer = {
      "",
      "--out FILE.npy writes a NumPy array, --out FILE.safetensors a tensor \"embeddings\"; both",
      "[texts, dimensions] of 32-bit floats.",
      "Fields of a line with --jsonl: text. \"result\" is a list of numbers; with --sparse an",
      "object from tokens to weights, the largest first.",
      "",
      "Example: lanewise embed --model sentence-transformers/all-MiniLM-L6-v2 \\",
      "         --file texts.txt --out vectors.npy"
    })
final class EmbedCommand implements Callable<Integer>, TaskCommand<String, Embedding> {
  private static final int SHOWN = 6;

  @Mixin private JobOptions job;
  @Mixin private EmbedderOptions embedder;
  @Mixin private SparseOptions sparse;
  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;
  private Embedder task;

  @Override
  public Integer call() {
    job.check();
    if (sparse.areAsked(spec, embedder)) {
      var folder = model.settings(DefaultModel.SPARSE_VECTORS);
      try (var loaded = sparse.load(folder, job.options(model, folder), embedder)) {
        return job.run(root, new SparseTexts(loaded));
      }
    }
    var folder = model.settings(DefaultModel.VECTORS);
    try (var loaded = embedder.load(folder, job.options(model, folder))) {
      task = loaded;
      return job.run(root, this);
    }
  }

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<Embedding> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<Embedding> format() {
    return format(task.size());
  }

  /** The format of vectors of so many numbers. */
  static AnswerFormat<Embedding> format(int size) {
    var columns = new ArrayList<Column<Embedding>>();
    for (int i = 0; i < size; i++) {
      int place = i;
      Function<Embedding, Float> number = embedding -> embedding.values()[place];
      columns.add(i < SHOWN ? Column.number("v" + i, number) : Column.notInTable("v" + i, number));
    }
    return AnswerFormat.array(columns);
  }

  @Override
  public Optional<Printer<Embedding>> printer(Path file) {
    return VectorFile.Format.of(file)
        .map(format -> new VectorFile(file, format, task.size(), job.skipsErrors()));
  }
}
