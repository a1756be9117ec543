package io.lanewise.cli.command;

import io.lanewise.checkpoint.folder.Companions;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.folder.SavedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.memory.Region;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.tensor.DType;
import io.lanewise.text.Visible;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Any checkpoint that can be read, as safetensors. */
@Command(
    name = "convert",
    description = "Writes the weights of a model folder as safetensors, whatever their format.",
    footer = {
      "",
      "Reads model.safetensors, flax_model.msgpack, tf_model.h5, pytorch_model.bin (never run) or",
      "their shards, the first that is there. All else is copied: tokenizers, the modules of",
      "sentence-transformers, cards; but not the weights in other formats, nor caches."
    })
final class ConvertCommand implements Callable<Integer> {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      required = true,
      description =
          "Folder with config.json and the weights, or a name of the Hub whose files are in its"
              + " cache.")
  private String model;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag, reference or commit of a model of the Hub; default: main.")
  private String revision;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder to write; it must be empty or not there.")
  private Path out;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = {
        "f32, f16 or bf16: widen the weights, or round them to nearest, ties to even;",
        "int8: those of matrix products in 8 bits, with a scale for each output, the rest as it"
            + " is;",
        "default: as they are, int8 widened to f32."
      })
  private String dtype;

  @Option(
      names = "--max-shard-size",
      paramLabel = "SIZE",
      description = "Where a file ends, such as 500MB, 2GB or 2GiB; default: 5GB.")
  private String shardSize;

  @Option(names = "--overwrite", description = "The folder may hold files already.")
  private boolean overwrite;

  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var type = type();
    var whole = ModelOptions.find(model, revision).toAbsolutePath().normalize();
    var settings = FolderSettings.of(Embedder.modelFolder(whole));
    var folder = settings.folder();
    long shardBytes = shardSize == null ? SavedFolder.SHARD_BYTES : bytes(shardSize);
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, settings.config(), Loading.MAP, region)) {
      boolean int8 = isInt8();
      var contents = checkpoint.contents().as(type);
      if (int8) {
        contents = contents.inInt8(products(settings));
      }
      var typed = SavedFolder.withDtype(checkpoint.config(), contents.dtype());
      var config = SavedFolder.withInt8(typed, int8);
      var companions = Companions.of(whole, folder, out);
      var place = whole.relativize(folder);
      SavedFolder.write(out, place, config, contents, shardBytes, overwrite, companions);
      root.results()
          .line(
              Visible.of(
                  "%d tensors, %s, from %s to %s"
                      .formatted(
                          contents.names().size(),
                          int8 ? "int8 and " + contents.dtype() : contents.dtype(),
                          String.join(", ", checkpoint.files()),
                          out)));
    }
    return 0;
  }

  private boolean isInt8() {
    return dtype != null && dtype.equalsIgnoreCase("int8");
  }

  /** Which weights are those of matrix products: the model knows. */
  private static Set<String> products(FolderSettings folder) {
    try (var loaded = Model.load(folder, Options.DEFAULT)) {
      return loaded.products();
    }
  }

  /** The type of floats; null to leave them. */
  private DType type() {
    if (dtype == null || isInt8()) {
      return null;
    }
    return switch (dtype.toLowerCase(Locale.ROOT)) {
      case "f32", "float32" -> DType.F32;
      case "f16", "float16" -> DType.F16;
      case "bf16", "bfloat16" -> DType.BF16;
      default -> throw wrong("--dtype " + dtype + ": give f32, f16, bf16 or int8");
    };
  }

  /** A number of bytes, by the units that transformers takes. */
  private long bytes(String size) {
    var text = size.strip().toUpperCase(Locale.ROOT);
    long unit = 1;
    for (int i = 1; i <= 3; i++) {
      char letter = " KMG".charAt(i);
      if (text.endsWith(letter + "IB")) {
        unit = 1L << (10 * i);
        text = text.substring(0, text.length() - 3);
      } else if (text.endsWith(letter + "B")) {
        unit = Math.round(Math.pow(1000, i));
        text = text.substring(0, text.length() - 2);
      }
    }
    try {
      long bytes = Math.multiplyExact(Long.parseLong(text.strip()), unit);
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Told below, as sizes that are not positive are.
    }
    throw wrong("--max-shard-size " + size + ": give a size such as 500MB, 2GB or 2GiB");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
