package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AsyncNotSupportedException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import dev.langchain4j.model.scoring.request.ScoringRequestParameters;
import io.lanewise.task.TaskOptions;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AsyncTest {
  private static final EmbeddingRequest REQUEST =
      EmbeddingRequest.builder().inputs("Rome", "Paris").build();

  @Test
  void withAnExecutorTheAnswerIsThatOfTheCall() {
    try (var threads = Executors.newSingleThreadExecutor();
        var model =
            LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).executor(threads).build();
        var scoring =
            LanewiseScoringModel.builder().modelPath(Folders.RERANKER).executor(threads).build()) {
      assertThat(model.embedAsync(REQUEST).join().embeddings())
          .isEqualTo(model.embed(REQUEST).embeddings());
      var request = ScoringRequest.builder().query("How tall").documents(List.of("a", "b")).build();
      var answer = scoring.scoreAsync(request).join();
      var segments = List.of(TextSegment.from("a"), TextSegment.from("b"));
      assertThat(answer.scores()).isEqualTo(scoring.scoreAll(segments, "How tall").content());
      assertThat(answer.modelName()).isEqualTo("classes-bert-rerank");
      assertThat(answer.tokenUsage().inputTokenCount()).isPositive();
    }
  }

  @Test
  void withoutOneItIsRefused() {
    try (var model = LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).build();
        var scoring = LanewiseScoringModel.builder().modelPath(Folders.RERANKER).build()) {
      assertThatThrownBy(() -> model.embedAsync(REQUEST).join())
          .hasCauseInstanceOf(AsyncNotSupportedException.class);
      var request = ScoringRequest.builder().query("How tall").documents(List.of("a")).build();
      assertThatThrownBy(() -> scoring.scoreAsync(request).join())
          .hasCauseInstanceOf(AsyncNotSupportedException.class);
    }
  }

  @Test
  void anotherModelIsRefused() {
    try (var threads = Executors.newSingleThreadExecutor();
        var scoring =
            LanewiseScoringModel.builder().modelPath(Folders.RERANKER).executor(threads).build()) {
      var request =
          ScoringRequest.builder()
              .query("How tall")
              .documents(List.of("a"))
              .parameters(ScoringRequestParameters.builder().modelName("another").build())
              .build();
      assertThatThrownBy(() -> scoring.scoreAsync(request).join())
          .hasCauseInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("another");
    }
  }

  @Test
  void errorsAndFullExecutorsComeThroughTheFuture() {
    var threads = Executors.newSingleThreadExecutor();
    var model =
        LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).executor(threads).build();
    var wrong = EmbeddingRequest.builder().input("Rome").dimensions(99).build();
    assertThat(model.embedAsync(wrong)).failsWithin(1, TimeUnit.MINUTES);
    threads.close();
    assertThat(model.embedAsync(REQUEST)).isCompletedExceptionally();
    model.close();
  }

  /**
   * The call waits in its first batch until the future has been cancelled; it never ends its
   * second.
   */
  @Test
  void cancellingStopsTheCall() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var finished = new AtomicBoolean();
    TaskOptions.BatchListener listener =
        (done, of) -> {
          finished.set(done == of);
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            Thread.currentThread().interrupt();
          }
        };
    var texts = IntStream.range(0, 50).mapToObj(i -> "text " + i).toArray(String[]::new);
    try (var threads = Executors.newSingleThreadExecutor();
        var model =
            LanewiseEmbeddingModel.builder()
                .modelPath(Folders.EMBEDDER)
                .taskOptions(TaskOptions.DEFAULT.withListener(listener).withBatchTokens(22))
                .executor(threads)
                .build()) {
      var future = model.embedAsync(EmbeddingRequest.builder().inputs(texts).build());
      begun.await();
      future.cancel(true);
      interrupted.await();
      assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
    }
    assertThat(finished).isFalse();
  }
}
