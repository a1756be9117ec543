package io.lanewise.langchain4j;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lanewise beside LangChain4j's own embedding model, with the same weights and texts: each in a
 * process of its own, asked in turn. The arguments are the folder and how many rounds are counted.
 */
final class SideBySide {
  /** Rounds that are not counted, at most. */
  private static final int WARMING = 3;

  private static final double MILLION = 1e6;

  private SideBySide() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var folder = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    int texts = Files.readAllLines(folder.resolve("texts.txt")).size();
    var lanewise = new Worker("lanewise", folder);
    var onnx = new Worker("onnx", folder);
    long[] before = lanewise.afterSingleTexts();
    long[] otherBefore = onnx.afterSingleTexts();
    var ofLanewise = new ArrayList<Round>();
    var ofOnnx = new ArrayList<Round>();
    int warming = Math.min(WARMING, rounds);
    for (int round = 0; round < warming + rounds; round++) {
      boolean first = round % 2 == 0; // whoever comes second may find a warmer machine
      var one = (first ? lanewise : onnx).round();
      var other = (first ? onnx : lanewise).round();
      if (round >= warming) {
        ofLanewise.add(first ? one : other);
        ofOnnx.add(first ? other : one);
      }
    }
    var memory = lanewise.end();
    var otherMemory = onnx.end();

    say(
        "%d texts, %d processors, %d rounds in turn after %d"
            .formatted(texts, Runtime.getRuntime().availableProcessors(), rounds, warming));
    say("%-44s %10s %10s %8s".formatted("", "Lanewise", "OnnxEmb.", "ratio"));
    faster("texts/s, all in one call", texts, all(ofLanewise), all(ofOnnx));
    faster("texts/s, one text a call", 50, one(ofLanewise), one(ofOnnx));
    smaller(
        "ms from loading to the first vector", lanewise.loaded / MILLION, onnx.loaded / MILLION);
    smaller("MB resident at most, one text a call", before[0] / 1e3, otherBefore[0] / 1e3);
    smaller("MB resident at most, all in one call", memory[0] / 1e3, otherMemory[0] / 1e3);
    smaller("MB that no file backs, at the end", memory[1] / 1e3, otherMemory[1] / 1e3);
    say(
        "smallest cosine of the two vectors of a text: %.7f"
            .formatted(smallestCosine(lanewise, onnx, texts)));
    say("(a ratio of more than 1 is in favour of Lanewise)");
  }

  private static void say(String line) {
    System.out.println(line);
  }

  /** Seconds of each round; the ratio is the median of the rounds' own. */
  private static void faster(String what, int texts, List<Double> one, List<Double> other) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < one.size(); i++) {
      ratios.add(other.get(i) / one.get(i));
    }
    row(what, texts / median(one), texts / median(other), median(ratios));
  }

  private static void smaller(String what, double one, double other) {
    row(what, one, other, other / one);
  }

  private static void row(String what, double one, double other, double ratio) {
    say(String.format(Locale.ROOT, "%-44s %10.1f %10.1f %8.2f", what, one, other, ratio));
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static List<Double> all(List<Round> rounds) {
    return rounds.stream().map(Round::all).toList();
  }

  private static List<Double> one(List<Round> rounds) {
    return rounds.stream().map(Round::one).toList();
  }

  private static double smallestCosine(Worker one, Worker other, int texts) throws IOException {
    double smallest = 1;
    try (var left =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(one.vectors)));
        var right =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(other.vectors)))) {
      long dimension = Files.size(one.vectors) / Float.BYTES / texts;
      for (int i = 0; i < texts; i++) {
        double product = 0;
        double ofLeft = 0;
        double ofRight = 0;
        for (long j = 0; j < dimension; j++) {
          double a = left.readFloat();
          double b = right.readFloat();
          product += a * b;
          ofLeft += a * a;
          ofRight += b * b;
        }
        smallest = Math.min(smallest, product / Math.sqrt(ofLeft * ofRight));
      }
    }
    return smallest;
  }

  /** Seconds for all texts in one call, and for some one after the other. */
  private record Round(double all, double one) {}

  /** A process with one of the engines. */
  private static final class Worker {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter questions;
    private final Path vectors;
    private final long loaded;

    Worker(String engine, Path folder) throws IOException {
      this.vectors = folder.resolve(engine + ".vectors");
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              EmbeddingWorker.class.getName(),
              engine,
              folder.toString(),
              vectors.toString()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      answers = process.inputReader(StandardCharsets.UTF_8);
      questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
      loaded = Long.parseLong(answer());
    }

    private String answer() {
      try {
        var line = answers.readLine();
        if (line == null) {
          throw new IllegalStateException("the process has ended, see above");
        }
        return line;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String ask(String question) {
      questions.println(question);
      return answer();
    }

    Round round() {
      return new Round(Long.parseLong(ask("all")) / 1e9, Long.parseLong(ask("one")) / 1e9);
    }

    /** {@link #end} before any call had more than one text. */
    long[] afterSingleTexts() {
      ask("one");
      return kilobytes(ask("memory"));
    }

    /** Kilobytes: the most that was resident, and what of it no file backs now. */
    long[] end() throws InterruptedException {
      var memory = kilobytes(ask("end"));
      questions.close();
      process.waitFor();
      return memory;
    }

    private static long[] kilobytes(String line) {
      var words = line.split(" ", -1);
      return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }
  }
}
