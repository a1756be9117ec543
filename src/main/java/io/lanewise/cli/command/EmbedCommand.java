package io.lanewise.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.cli.option.EmbedderOptions;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.SettingFallback;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.VectorFile;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Texts as vectors. */
@Command(
    name = "embed",
    description = {
      "Turns texts into vectors, as sentence-transformers does.",
      "Prints the first numbers of each vector; --jsonl, --json and --csv have all of them."
    },
    footer = {
      "",
      "--out FILE.npy writes a NumPy array, --out FILE.safetensors a tensor \"embeddings\"; both",
      "[texts, dimensions] of 32-bit floats.",
      "Fields of a line with --jsonl: text. \"result\" is a list of numbers.",
      "",
      "Example: lanewise embed --model sentence-transformers/all-MiniLM-L6-v2 \\",
      "         --file texts.txt --out vectors.npy"
    })
final class EmbedCommand implements Callable<Integer>, Verb<String, Embedding> {
  private static final int SHOWN = 6;

  @Mixin private JobOptions job;
  @Mixin private EmbedderOptions embedder;
  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  private Embedder task;

  @Override
  public Integer call() {
    job.check();
    var folder = model.folder(SettingFallback.VECTORS);
    try (var loaded = embedder.load(folder, job.options(model))) {
      task = loaded;
      return job.run(lanewise, this);
    }
  }

  @Override
  public String input(Entry entry) {
    return entry.text("text");
  }

  @Override
  public List<Embedding> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public boolean isOneRow() {
    return true;
  }

  @Override
  public List<Column> columns() {
    var columns = new ArrayList<Column>();
    for (int i = 0; i < task.size(); i++) {
      columns.add(i < SHOWN ? Column.number("v" + i) : Column.hidden("v" + i));
    }
    return columns;
  }

  @Override
  public List<List<Object>> rows(String text, Embedding embedding) {
    var row = new ArrayList<Object>();
    for (float value : embedding.values()) {
      row.add(value);
    }
    return List.of(row);
  }

  @Override
  public void write(JsonGenerator out, Embedding embedding) throws IOException {
    out.writeStartArray();
    for (float value : embedding.values()) {
      out.writeNumber(value);
    }
    out.writeEndArray();
  }

  @Override
  public Optional<Printer<String, Embedding>> printer(Path file) {
    return VectorFile.Format.of(file)
        .map(format -> new VectorFile(file, format, task.size(), job.skipsErrors()));
  }
}
