package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import io.lanewise.ClosedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One model, many threads: the same bits, whatever texts stand beside one. */
class ThreadsTest {
  private static final int THREADS = 16;
  private static final int ROUNDS = 6;

  private static List<String> texts() {
    var random = new Random(7);
    var words = List.of("the", "capital", "of", "france", "is", "a", "mountain", "city", "river");
    return IntStream.range(0, 40)
        .mapToObj(
            i ->
                IntStream.rangeClosed(0, random.nextInt(30))
                    .mapToObj(_ -> words.get(random.nextInt(words.size())))
                    .reduce("text " + i, (text, word) -> text + " " + word))
        .toList();
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var start = new CountDownLatch(1);
      var futures = new ArrayList<Future<T>>();
      for (var call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      start.countDown();
      var answers = new ArrayList<T>();
      for (var future : futures) {
        answers.add(future.get());
      }
      return answers;
    }
  }

  @Test
  void embeddingsHaveTheSameBits() throws Exception {
    var texts = texts();
    try (var model = LanewiseEmbeddingModel.builder().modelPath(Folders.CAPITALS).build()) {
      var alone = texts.stream().map(text -> model.embed(text).content()).toList();
      var calls =
          IntStream.range(0, THREADS)
              .<Callable<Boolean>>mapToObj(
                  seed ->
                      () -> {
                        var random = new Random(seed);
                        for (int round = 0; round < ROUNDS; round++) {
                          var order = new ArrayList<>(texts);
                          Collections.shuffle(order, random);
                          var some = order.subList(0, 1 + random.nextInt(12));
                          check(model, some, texts, alone);
                        }
                        return true;
                      })
              .toList();
      assertThat(inParallel(calls)).hasSize(THREADS).doesNotContain(false);
    }
  }

  private static void check(
      LanewiseEmbeddingModel model, List<String> some, List<String> texts, List<Embedding> alone) {
    var segments = some.stream().map(TextSegment::from).toList();
    var embeddings = model.embedAll(segments).content();
    for (int i = 0; i < some.size(); i++) {
      assertThat(embeddings.get(i).vector())
          .as(some.get(i))
          .isEqualTo(alone.get(texts.indexOf(some.get(i))).vector());
    }
  }

  @Test
  void scoresHaveTheSameBits() throws Exception {
    var segments = texts().subList(0, 12).stream().map(TextSegment::from).toList();
    try (var model = LanewiseScoringModel.builder().modelPath(Folders.RERANKER).build()) {
      var query = "How tall is the mountain?";
      var alone = segments.stream().map(segment -> model.score(segment, query).content()).toList();
      var calls =
          IntStream.range(0, THREADS)
              .<Callable<List<Double>>>mapToObj(
                  _ -> () -> model.scoreAll(segments, query).content())
              .toList();
      assertThat(inParallel(calls))
          .hasSize(THREADS)
          .allSatisfy(each -> assertThat(each).isEqualTo(alone));
    }
  }

  /** Calls that run while a model is closed end well, later ones are refused. */
  @Test
  void closingWaitsForRunningCalls() throws Exception {
    var segments = texts().stream().map(TextSegment::from).toList();
    var model = LanewiseEmbeddingModel.builder().modelPath(Folders.CAPITALS).build();
    var expected = model.embedAll(segments).content();
    var calls = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 6; i++) {
      calls.add(
          () -> {
            try {
              assertThat(model.embedAll(segments).content()).isEqualTo(expected);
            } catch (ClosedException e) {
              return false;
            }
            return true;
          });
    }
    calls.add(
        () -> {
          model.close();
          return true;
        });
    assertThat(inParallel(calls)).hasSize(7);
    assertThatThrownBy(() -> model.embedAll(segments)).isInstanceOf(ClosedException.class);
  }
}
