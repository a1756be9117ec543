package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.bench.Agreement;
import io.lanewise.cli.bench.BenchShape;
import io.lanewise.cli.bench.GenerationLoad;
import io.lanewise.cli.bench.Measurement;
import io.lanewise.cli.job.TextLines;
import io.lanewise.cli.option.ModelOptions;
import io.lanewise.cli.option.OptionRange;
import io.lanewise.cli.output.Table;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.speed.MemorySpeed;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How fast the encoder is, or a decoder that generates. */
@Command(
    name = "bench",
    description = "Measures forward passes of the encoder, without head, over random ids.",
    footer = {
      "",
      "--worker: prints \"ready\", then answers each line \"BATCH TOKENS N\" of standard",
      "input with N times in milliseconds, one a forward pass; an empty line ends it.",
      "TOKENS may be mixed or sorted: 64 texts of different lengths, BATCH a pass.",
      "--generate: a pass is a whole generation, its encoder included; also prints how fast the",
      "memory is read, and which share of that the weights and the cache of each step make up."
    })
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--shape",
      paramLabel = "NAME",
      completionCandidates = BenchShape.Labels.class,
      description = "Random weights of this size instead of a folder: ${COMPLETION-CANDIDATES}.")
  private String shape;

  @Option(
      names = "--shapes",
      paramLabel = "BxT",
      split = ",",
      defaultValue = "1x16,1x128,1x384,8x128",
      description = "Texts x tokens of a forward pass; default: ${DEFAULT-VALUE}.")
  private List<String> shapes;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Time for each of warming up and measuring; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--generate",
      paramLabel = "N",
      description = "Generate so many tokens from each text, with --shape bart-base.")
  private Integer generated;

  @Option(
      names = "--beams",
      paramLabel = "N",
      defaultValue = "1",
      description = "Beams of --generate; default: ${DEFAULT-VALUE}.")
  private int beams;

  @Option(names = "--worker", description = "Answer on standard output what is asked on input.")
  private boolean worker;

  @Option(
      names = "--agreement",
      description =
          "Instead of timing say how far the final states agree with those of f32: the cosine"
              + " between both, for each token.")
  private boolean agreement;

  @Mixin private ModelOptions model;
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public Integer call() {
    OptionRange.check(spec, "--seconds", seconds, 0, 3600);
    if (generated == null ? beams != 1 : generated < 1 || shape == null) {
      throw usage("--generate N, from 1, goes with --shape, and --beams with --generate");
    }
    if (agreement && (worker || generated != null)) {
      throw usage("--agreement goes with neither --worker nor --generate");
    }
    OptionRange.checkFromOne(spec, "--beams", beams);
    if (shape != null && model.named()) {
      throw usage("--shape and --model exclude each other");
    }
    var sizes = sizes();
    var folder = shape == null ? model.settings() : null;
    var options = folder == null ? model.options() : model.options(folder);
    try (var loaded = load(folder, options)) {
      loaded.kernels().reasons().forEach(root::debug);
      if (agreement) {
        compare(loaded, folder, options, sizes);
        return 0;
      }
      var load = generated == null ? null : new GenerationLoad(generated, beams);
      var measurement =
          new Measurement(
              loaded.config(), load == null ? loaded::forward : load.generator(loaded)::generate);
      if (worker) {
        answer(measurement);
      } else if (load == null) {
        print(measurement, sizes, new Rate("GFLOP/s", size -> measurement.operations(size) / 1e9));
      } else {
        double memory = memorySpeed(options.threads());
        root.results().line("memory is read at " + format("%.1f GB/s", memory / 1e9));
        var config = loaded.config();
        print(
            measurement,
            sizes,
            new Rate("tokens/s", size -> size.batch() * generated),
            new Rate(
                "% memory", size -> 100 * load.bytes(config, options.precision(), size) / memory));
      }
    }
    return 0;
  }

  private void compare(
      Model loaded, FolderSettings folder, Options options, List<Measurement.Shape> sizes) {
    var table = new Table("lrr");
    table.row("shape", "least cosine", "mean cosine");
    try (var plain = load(folder, options.withPrecision(Precision.FLOAT32))) {
      for (var size : sizes) {
        var inputs = new Measurement(loaded.config(), _ -> {}).inputs(size);
        var found = Agreement.of(plain, loaded, inputs);
        table.row(size.toString(), format("%.6f", found.least()), format("%.6f", found.mean()));
      }
    }
    table.print(root.results(), "");
  }

  /** Bytes a second that as many threads read as the model has. */
  private static double memorySpeed(int threads) {
    try (var workers =
        new Workers(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads)) {
      return MemorySpeed.bytesPerSecond(workers);
    }
  }

  private List<Measurement.Shape> sizes() {
    try {
      return shapes.stream().map(Measurement.Shape::of).toList();
    } catch (InputException e) {
      throw usage("--shapes: " + e.getMessage());
    }
  }

  /** Loads the folder; without one, makes a model of the shape. */
  private Model load(FolderSettings folder, Options options) {
    if (folder != null) {
      return Model.load(folder, options.withHead(Head.MODEL));
    }
    var known = String.join(", ", new BenchShape.Labels());
    var named =
        BenchShape.named(shape)
            .orElseThrow(() -> usage("--shape " + shape + ": not one of " + known));
    return Model.random(named.config(), options);
  }

  /**
   * Something that is done in a pass, by its speed.
   *
   * @param unit of the speed, for the head of the column
   * @param amount that a pass does
   */
  private record Rate(String unit, ToDoubleFunction<Measurement.Shape> amount) {}

  private void print(Measurement measurement, List<Measurement.Shape> sizes, Rate... rates) {
    var head = new ArrayList<>(List.of("shape", "median ms", "min ms", "passes"));
    for (var rate : rates) {
      head.add(rate.unit);
    }
    line(head);
    for (var size : sizes) {
      // The compiler needs a number of calls, however slow they are.
      measurement.timesFor(size, seconds, seconds == 0 ? 0 : 20);
      var times = measurement.timesFor(size, seconds, 3);
      double median = median(times);
      var cells = new ArrayList<>(List.of(size.toString(), format("%.2f", median)));
      cells.add(format("%.2f", Arrays.stream(times).min().orElseThrow()));
      cells.add(String.valueOf(times.length));
      for (var rate : rates) {
        cells.add(format("%.1f", rate.amount.applyAsDouble(size) / median * 1e3));
      }
      line(cells);
    }
  }

  /** A line at once, not a table at the end: measuring takes its time. */
  private void line(List<String> cells) {
    var line = new StringBuilder("%8s".formatted(cells.getFirst()));
    cells.stream().skip(1).forEach(cell -> line.append("%11s".formatted(cell)));
    root.results().line(line.toString());
    root.results().flush();
  }

  private static double median(double[] times) {
    var sorted = times.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void answer(Measurement measurement) {
    root.results().line("ready");
    root.results().flush();
    var questions = new TextLines(root.in());
    for (var line = questions.next(); line != null && !line.isBlank(); line = questions.next()) {
      var times = new ArrayList<String>();
      for (double time : ask(measurement, line)) {
        times.add(format("%.3f", time));
      }
      root.results().line(String.join(" ", times));
      root.results().flush();
    }
  }

  private static double[] ask(Measurement measurement, String line) {
    var words = line.strip().split("\\s+", -1);
    try {
      if (words.length == 3 && Character.isLetter(words[1].charAt(0))) {
        int group = Math.max(1, Integer.parseInt(words[0]));
        return measurement.corpus(words[1], group, Math.max(0, Integer.parseInt(words[2])));
      }
      if (words.length == 3) {
        var shape = new Measurement.Shape(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
        return measurement.times(shape, Math.max(0, Integer.parseInt(words[2])));
      }
    } catch (NumberFormatException e) {
      throw new InputException("\"" + line + "\": three numbers were expected", e);
    }
    throw new InputException("\"" + line + "\" is no question: write BATCH TOKENS N");
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
