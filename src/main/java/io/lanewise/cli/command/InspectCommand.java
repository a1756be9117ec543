package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.cli.bench.Measurement;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.output.Machine;
import io.lanewise.cli.output.Table;
import io.lanewise.memory.Region;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Model;
import io.lanewise.task.text.TextModel;
import io.lanewise.text.Visible;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What a model folder holds, and what it costs to have it loaded. */
@Command(
    name = "inspect",
    description = "Shows what a model folder holds, and the memory that it takes.")
final class InspectCommand implements Callable<Integer> {
  private static final String INDENT = "  ";

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--pass",
      paramLabel = "BxT",
      description = "Run a forward pass of so many texts x tokens, then show the memory again.")
  private String pass;

  @Override
  public Integer call() {
    var size = size();
    var folder = model.settings();
    showCheckpoint(folder);
    showTokenizer(folder);
    showModel(folder, size);
    return 0;
  }

  private Measurement.Shape size() {
    try {
      return pass == null ? null : Measurement.Shape.of(pass);
    } catch (InputException e) {
      throw new ParameterException(spec.commandLine(), "--pass: " + e.getMessage());
    }
  }

  private void showCheckpoint(FolderSettings folder) {
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder.folder(), folder.config(), Loading.MAP, region)) {
      title("config " + folder.folder().resolve("config.json"));
      var config = new Table("ll");
      JsonConfig.tree(checkpoint.config())
          .properties()
          .forEach(entry -> config.row(entry.getKey(), entry.getValue().toString()));
      config.print(root.results(), INDENT);

      var tensors = checkpoint.tensors();
      title(
          "%d tensors, %s, in %s"
              .formatted(
                  tensors.size(),
                  Table.size(checkpoint.totalBytes()),
                  String.join(", ", checkpoint.files())));
      var table = new Table("lllr");
      for (var tensor : tensors) {
        table.row(
            tensor.name(),
            tensor.dtype().name(),
            tensor.shape().toString(),
            Table.size(tensor.bytes()));
      }
      table.print(root.results(), INDENT);
    }
  }

  private void showTokenizer(FolderSettings folder) {
    Tokenizer tokenizer;
    try {
      tokenizer = TextModel.tokenizer(folder, TokenizerOptions.DEFAULT);
    } catch (TokenizerException e) {
      title("tokenizer: none (" + e.getMessage() + ")");
      return;
    }
    title("tokenizer");
    var table = new Table("ll").row("vocabulary", tokenizer.size() + " ids");
    int longest = tokenizer.maxLength();
    table.row("max length", longest == Integer.MAX_VALUE ? "not said" : longest + " tokens");
    tokenizer.specialTokens().forEach((role, token) -> table.row(role, special(tokenizer, token)));
    table.print(root.results(), INDENT);
  }

  private static String special(Tokenizer tokenizer, String token) {
    var id = tokenizer.id(token);
    return token + "  " + (id.isPresent() ? id.getAsInt() : "not in the vocabulary");
  }

  private void showModel(FolderSettings folder, Measurement.Shape size) {
    long heap = Machine.usedHeapBytes();
    long start = System.nanoTime();
    try (var loaded = Model.load(folder, model.options(folder))) {
      double milliseconds = (System.nanoTime() - start) / 1e6;
      title("model " + loaded.family() + " " + loaded.head().suffix());
      var table = new Table("ll").row("longest input", loaded.longest() + " tokens");
      var report = loaded.report();
      list(table, "missing", report.missing());
      list(table, "unexpected", report.unexpected());
      list(table, "tied", report.tied());
      list(table, "initialised", report.initialised());
      loaded.kernels().reasons().forEach(reason -> table.row("kernels", reason));
      table.print(root.results(), INDENT);

      title("memory");
      var memory = new Table("ll");
      memory.row("load time", "%.0f ms".formatted(milliseconds));
      memory.row("mapped", Table.size(loaded.mappedBytes()));
      memory.row("packed or copied", Table.size(loaded.allocatedBytes()));
      memory.row("heap for the model", Table.size(Math.max(0, Machine.usedHeapBytes() - heap)));
      memory.row("heap in use", Table.size(Machine.usedHeapBytes()));
      resident(memory, "after the load");
      if (size != null) {
        new Measurement(loaded.config(), loaded::forward).times(size, 1);
        resident(memory, "after a pass of " + size);
      }
      memory.print(root.results(), INDENT);
    }
  }

  private static void list(Table table, String what, List<String> names) {
    if (!names.isEmpty()) {
      table.row(what, String.join(", ", names));
    }
  }

  private static void resident(Table table, String when) {
    Machine.residentBytes().ifPresent(bytes -> table.row("resident " + when, Table.size(bytes)));
    Machine.peakResidentBytes()
        .ifPresent(bytes -> table.row("resident peak " + when, Table.size(bytes)));
  }

  private void title(String text) {
    root.results().line(Visible.of(text));
  }
}
