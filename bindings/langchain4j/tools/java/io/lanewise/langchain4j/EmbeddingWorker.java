package io.lanewise.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One of the two engines in a process of its own. It answers a line of its input with a line:
 * {@code all} with the nanoseconds in which all texts were embedded, {@code one} with those of 50
 * texts one after the other, {@code memory} with what it has taken, and so does {@code end}, which
 * ends it. Arguments: the engine, the folder, and a file for the vectors.
 */
final class EmbeddingWorker {
  private static final int SINGLE_TEXTS = 50;

  private EmbeddingWorker() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[1]);
    var segments =
        Files.readAllLines(folder.resolve("texts.txt")).stream().map(TextSegment::from).toList();
    long start = System.nanoTime();
    var model = load(arguments[0], folder);
    var embeddings = model.embedAll(segments.subList(0, 1)).content();
    System.out.println(System.nanoTime() - start);
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = input.readLine(); line != null; line = input.readLine()) {
      start = System.nanoTime();
      switch (line) {
        case "all" -> embeddings = model.embedAll(segments).content();
        case "one" -> segments.subList(0, SINGLE_TEXTS).forEach(model::embed);
        case "memory" -> {
          System.out.println(memory());
          continue;
        }
        case "end" -> {
          write(embeddings, Path.of(arguments[2]));
          System.out.println(memory());
          return; // the threads of neither engine keep the process
        }
        default -> throw new IllegalArgumentException(line);
      }
      System.out.println(System.nanoTime() - start);
    }
  }

  private static EmbeddingModel load(String engine, Path folder) {
    return switch (engine) {
      case "lanewise" -> LanewiseEmbeddingModel.builder().modelPath(folder).build();
      case "onnx" ->
          new OnnxEmbeddingModel(
              folder.resolve("model.onnx"), folder.resolve("tokenizer.json"), PoolingMode.MEAN);
      default -> throw new IllegalArgumentException(engine);
    };
  }

  private static void write(List<Embedding> embeddings, Path file) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (var embedding : embeddings) {
        for (float number : embedding.vector()) {
          out.writeFloat(number);
        }
      }
    }
  }

  /** The most that was resident, and what of it no file backs now, in kB; 0 but on Linux. */
  private static String memory() throws IOException {
    var status = Path.of("/proc/self/status");
    var lines = Files.exists(status) ? Files.readAllLines(status) : List.<String>of();
    return kilobytes(lines, "VmHWM:") + " " + kilobytes(lines, "RssAnon:");
  }

  private static String kilobytes(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replaceAll("\\D", ""))
        .findFirst()
        .orElse("0");
  }
}
