package io.lanewise.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.lanewise.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lanewise's tokenizers beside others, in megabytes of UTF-8 for each second of CPU time, on one
 * thread. What {@code tools/bench/tokenizers} starts.
 *
 * <p>In every round each engine is given the same megabyte, which none of them has seen before, so
 * that no cache of words holds more of it than of any other text. The ratio is the median over the
 * rounds of (time of the other / time of Lanewise in the same round).
 */
public final class TokenizerComparison {
  private static final int CHUNK = 1_000_000;

  /** Passes over the first chunk that are not counted, for the JVM's compilers. */
  private static final int WARM_UP = 12;

  private final Path vocabularies;
  private final String python;
  private final Path worker;
  private final int rounds;

  private TokenizerComparison(Path vocabularies, String python, Path worker, int rounds) {
    this.vocabularies = vocabularies;
    this.python = python;
    this.worker = worker;
    this.rounds = rounds;
  }

  /** The options that the launcher's usage names. */
  public static void main(String[] arguments) throws IOException {
    var options = Arrays.asList(arguments);
    var comparison =
        new TokenizerComparison(
            Path.of(arguments[0]),
            value(options, "--python", null),
            Path.of(value(options, "--worker", "tools/bench/tokenizers_worker.py")),
            Integer.parseInt(value(options, "--rounds", "7")));
    String file = value(options, "--text", null);
    String only = value(options, "--only", "");
    System.out.printf(
        "%-8s %-8s %-22s %9s %7s  %s%n",
        "files", "text", "engine", "MB/CPU s", "ratio", "hash of the ids");
    if (file != null) {
      comparison.all("given", JdkText.of(Path.of(file)), only);
      return;
    }
    comparison.all("English", JdkText.english(), only);
    if (only.isEmpty() || only.equals("nezha")) {
      comparison.one("nezha", "Chinese", JdkText.chinese());
    }
  }

  private static String value(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    return at >= 0 && at + 1 < options.size() ? options.get(at + 1) : otherwise;
  }

  private void all(String language, List<String> texts, String only) throws IOException {
    for (String name : List.of("roberta", "bert", "nezha", "albert")) {
      if (only.isEmpty() || only.equals(name)) {
        one(name, language, texts);
      }
    }
  }

  private void one(String name, String language, List<String> texts) throws IOException {
    Path folder = vocabularies.resolve(name);
    var tokenizer = Tokenizer.load(folder);
    var rivals = new ArrayList<TokenizerRival>();
    try {
      rivals.add(new TokenizerRival.Lanewise(tokenizer));
      rivals.add(
          new TokenizerRival.HuggingFace(
              HuggingFaceTokenizer.newInstance(
                  folder.resolve("tokenizer.json"),
                  Map.of("truncation", "false", "padding", "false"))));
      if (python != null) {
        rivals.add(TokenizerRival.Python.start(python, worker, folder.resolve("tokenizer.json")));
      }
      if (Files.exists(folder.resolve("merges.txt"))) {
        rivals.add(TokenizerRival.JTokkit.of(folder.resolve("merges.txt"), tokenizer));
      }
      compare(name, language, rivals, chunks(texts));
    } finally {
      rivals.forEach(TokenizerRival::close);
    }
  }

  /** One chunk for the warm-up and one for each round: a megabyte each, or less of a short text. */
  private List<List<String>> chunks(List<String> texts) {
    long all = texts.stream().mapToLong(TokenizerComparison::bytes).sum();
    long size = Math.min(CHUNK, all / (rounds + 1));
    var chunks = new ArrayList<List<String>>();
    var chunk = new ArrayList<String>();
    long filled = 0;
    for (String text : texts) {
      chunk.add(text);
      filled += bytes(text);
      if (filled >= size * (chunks.size() + 1)) {
        chunks.add(List.copyOf(chunk));
        chunk.clear();
      }
    }
    if (size == 0 || chunks.size() <= rounds) {
      throw new IllegalStateException("the text is too short for " + rounds + " rounds");
    }
    return chunks.subList(0, rounds + 1);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void compare(
      String name, String language, List<TokenizerRival> rivals, List<List<String>> chunks) {
    for (var rival : rivals) {
      int passes = rival instanceof TokenizerRival.Inside ? WARM_UP : 1;
      for (int i = 0; i < passes; i++) {
        rival.pass(chunks.getFirst());
      }
    }
    var speeds = new double[rivals.size()][rounds];
    var ratios = new double[rivals.size()][rounds];
    var hashes = new long[rivals.size()];
    for (int round = 0; round < rounds; round++) {
      var chunk = chunks.get(round + 1);
      double megabytes = chunk.stream().mapToLong(TokenizerComparison::bytes).sum() / 1e6;
      for (int i = 0; i < rivals.size(); i++) {
        var pass = rivals.get(i).pass(chunk);
        speeds[i][round] = megabytes / pass.seconds();
        ratios[i][round] = speeds[0][round] / speeds[i][round];
        hashes[i] = TokenizerRival.hash(hashes[i], pass.hash());
      }
    }
    for (int i = 0; i < rivals.size(); i++) {
      System.out.printf(
          Locale.ROOT,
          "%-8s %-8s %-22s %9.2f %7.2f  %016x%s%n",
          name,
          language,
          rivals.get(i).name(),
          median(speeds[i]),
          median(ratios[i]),
          hashes[i],
          hashes[i] == hashes[0] ? "" : "  DIFFERS");
    }
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
