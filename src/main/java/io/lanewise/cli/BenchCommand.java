package io.lanewise.cli;

import io.lanewise.InputException;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How fast the encoder is. */
@Command(
    name = "bench",
    description = "Measures forward passes of the encoder, without head, over random ids.",
    footer = {
      "",
      "--worker: prints \"ready\", then answers each line \"BATCH TOKENS N\" of standard",
      "input with N times in milliseconds, one a forward pass; an empty line ends it.",
      "TOKENS may be mixed or sorted: 64 texts of different lengths, BATCH a pass."
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

  @Option(names = "--worker", description = "Answer on standard output what is asked on input.")
  private boolean worker;

  @Mixin private ModelOptions model;
  @ParentCommand private Lanewise lanewise;
  @Spec private CommandSpec spec;

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public Integer call() {
    if (!(seconds >= 0 && seconds <= 3600)) {
      throw usage("--seconds " + seconds + ": give 0 to 3600");
    }
    var sizes = sizes();
    try (var loaded = load()) {
      loaded.reasons().forEach(lanewise::debug);
      var measurement = new Measurement(loaded);
      if (worker) {
        answer(measurement);
      } else {
        print(measurement, sizes);
      }
    }
    return 0;
  }

  private List<Measurement.Shape> sizes() {
    try {
      return shapes.stream().map(Measurement.Shape::of).toList();
    } catch (InputException e) {
      throw usage("--shapes: " + e.getMessage());
    }
  }

  private Model load() {
    var options = model.options();
    if (shape == null) {
      return Model.load(model.folder(), options.withHead(Head.MODEL));
    }
    if (model.named()) {
      throw usage("--shape and --model exclude each other");
    }
    var known = String.join(", ", new BenchShape.Labels());
    var named =
        BenchShape.named(shape)
            .orElseThrow(() -> usage("--shape " + shape + ": not one of " + known));
    return Model.random(named.config(), options);
  }

  private void print(Measurement measurement, List<Measurement.Shape> sizes) {
    line("shape", "median ms", "min ms", "passes", "GFLOP/s");
    for (var size : sizes) {
      // The compiler needs a number of calls, however slow they are.
      measurement.timesFor(size, seconds, seconds == 0 ? 0 : 20);
      var times = measurement.timesFor(size, seconds, 3);
      double median = median(times);
      line(
          size.toString(),
          format("%.2f", median),
          format("%.2f", Arrays.stream(times).min().orElseThrow()),
          String.valueOf(times.length),
          format("%.1f", measurement.operations(size) / median / 1e6));
    }
  }

  /** A line at once, not a table at the end: measuring takes its time. */
  private void line(String shape, String median, String least, String passes, String speed) {
    lanewise.results().line("%8s %10s %10s %7s %8s".formatted(shape, median, least, passes, speed));
    lanewise.results().flush();
  }

  private static double median(double[] times) {
    var sorted = times.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void answer(Measurement measurement) {
    lanewise.results().line("ready");
    lanewise.results().flush();
    var questions = new TextLines(lanewise.in());
    for (var line = questions.next(); line != null && !line.isBlank(); line = questions.next()) {
      var times = new ArrayList<String>();
      for (double time : ask(measurement, line)) {
        times.add(format("%.3f", time));
      }
      lanewise.results().line(String.join(" ", times));
      lanewise.results().flush();
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
