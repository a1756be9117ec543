package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/**
 * Prints how many rows a second two executors embed, beside two threads of one JVM, and what memory
 * an executor takes beside the weights. It is no test of the suite: {@code mvn -B -f
 * bindings/pom.xml -pl spark test -Dtest=ThroughputReport}, on a machine that does nothing else.
 */
class ThroughputReport {
  private static final int WINDOW = 512;
  private static final int ROUNDS = Integer.getInteger("lanewise.rounds", 5);
  private static final List<String> TEXTS =
      Texts.some(Integer.getInteger("lanewise.rows", 16_384), 40);

  /** Two threads, each of which takes every second window. */
  private static double loop(Embedder embedder) throws Exception {
    long start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var works = new ArrayList<Callable<Integer>>();
      for (int thread = 0; thread < 2; thread++) {
        int first = thread;
        works.add(
            () -> {
              int rows = 0;
              for (int from = first * WINDOW; from < TEXTS.size(); from += 2 * WINDOW) {
                int to = Math.min(TEXTS.size(), from + WINDOW);
                rows += embedder.predictAll(TEXTS.subList(from, to)).size();
              }
              return rows;
            });
      }
      int rows = 0;
      for (var each : threads.invokeAll(works)) {
        rows += each.get();
      }
      assertThat(rows).isEqualTo(TEXTS.size());
    }
    return TEXTS.size() / ((System.nanoTime() - start) / 1e9);
  }

  /** All rows are computed, and go nowhere. */
  private static double spark(EmbedTransformer embed, Dataset<Row> texts) {
    long start = System.nanoTime();
    embed.transform(texts).write().format("noop").mode("overwrite").save();
    return TEXTS.size() / ((System.nanoTime() - start) / 1e9);
  }

  @Test
  void print() throws Exception {
    var model = System.getProperty("lanewise.model", Folders.DEMO);
    try (var session = Sessions.cluster("");
        var embedder =
            Embedder.load(
                Path.of(model), Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(1))) {
      var texts = Sessions.texts(session, TEXTS).repartition(8).cache();
      assertThat(texts.count()).isEqualTo(TEXTS.size());
      var embed = new EmbedTransformer().setModel(model).setInputCol("text").setOutputCol("vector");
      double ofLoop = 0;
      double ofSpark = 0;
      for (int round = 0; round <= ROUNDS; round++) {
        double one = loop(embedder);
        double other = spark(embed, texts);
        if (round > 0) { // the first has the compiler's work in it
          ofLoop = Math.max(ofLoop, one);
          ofSpark = Math.max(ofSpark, other);
        }
      }
      System.out.printf("model %s, %,d texts, best of %d rounds%n", model, TEXTS.size(), ROUNDS);
      System.out.printf("one JVM, 2 threads:       %,10.0f rows/s%n", ofLoop);
      System.out.printf("Spark, 2 executors of 1:  %,10.0f rows/s%n", ofSpark);
      System.out.printf("overhead of Spark:        %10.1f %%%n", 100 * (ofLoop / ofSpark - 1));
      for (var executor : Preflight.check(session, embed).executors()) {
        System.out.printf(
            "executor %s: files of the model %,d kB; %s%n",
            executor.id(), executor.bytes() >> 10, memory(executor.pid()));
      }
    } finally {
      Sessions.end();
    }
  }

  /** What the system says of a process, where it says it. */
  private static String memory(long pid) throws IOException {
    var status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return "its memory is not told here";
    }
    return String.join(
        ", ",
        Files.readAllLines(status).stream()
            .filter(line -> line.matches("(VmRSS|RssAnon|RssFile):.*"))
            .map(line -> line.replaceAll("\\s+", " "))
            .toList());
  }
}
