package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.model.Options;
import io.lanewise.model.Reloadable;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a service does with a task: warms it up, limits its calls, replaces it, closes it. */
class RunningTasksTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");
  private static final String TEXT = "The capital of [MASK] is Paris.";

  private static FillMask load() {
    return FillMask.load(Path.of("weights", "albert-tiny-demo"), Options.DEFAULT);
  }

  @Test
  void warmingUpChangesNoAnswer() {
    try (var task = load()) {
      var before = task.predict(TEXT);
      task.warmUp();
      assertThat(task.predict(TEXT)).isEqualTo(before);
    }
  }

  /** Some models take fewer tokens than the text that warms them up has. */
  @Test
  void aModelOfShortTextsIsWarmedUp() {
    try (var embedder = Embedder.load(TASKS.resolve("classes-bert-embed"))) {
      var before = embedder.predict(TEXT);
      embedder.warmUp();
      assertThat(embedder.predict(TEXT)).isEqualTo(before);
    }
  }

  /** Each text's in their order, the prompt and special tokens among them, without what is cut. */
  @Test
  void tokensAreCounted() {
    var folder = TASKS.resolve("classes-roberta-embed");
    var texts = List.of("a gripping, beautifully shot film", "Rome", "Rome ".repeat(500));
    var tokenizer = Tokenizer.load(folder);
    try (var embedder = Embedder.load(folder).withPrompt("passage: ")) {
      var tokens = new ArrayList<Integer>();
      assertThat(embedder.predictAll(texts, tokens::add)).isEqualTo(embedder.predictAll(texts));
      assertThat(tokens.subList(0, 2))
          .containsExactly(
              tokenizer.encode("passage: " + texts.get(0)).length(),
              tokenizer.encode("passage: Rome").length());
      assertThat(tokens.get(2)).isBetween(8, 200);
    }
    try (var reranker = Reranker.load(TASKS.resolve("classes-bert-rerank"))) {
      var query = new Reranker.Query("How tall", List.of("Rome", "The sky is blue."));
      var tokens = new ArrayList<Integer>();
      assertThat(reranker.predictAll(List.of(query), tokens::add))
          .isEqualTo(reranker.predictAll(List.of(query)));
      var pairs = Tokenizer.load(TASKS.resolve("classes-bert-rerank"));
      assertThat(tokens)
          .containsExactly(
              pairs.encode("How tall", "Rome").length(),
              pairs.encode("How tall", "The sky is blue.").length());
    }
  }

  @Test
  void aClassifierSaysHowMuchItReads() {
    var folder = Path.of("weights", "albert-tiny-sentiment");
    try (var whole = TextClassifier.load(folder);
        var cut = TextClassifier.load(folder, TaskOptions.DEFAULT.withMaxLength(12))) {
      assertThat(whole.longest()).isEqualTo(256);
      assertThat(cut.longest()).isEqualTo(12);
    }
  }

  @Test
  void aDeadlineOrAnInterruptEndsAnAnswer() {
    try (var task = load()) {
      var expected = task.predict(TEXT);
      assertThatThrownBy(() -> Deadline.within(Duration.ofNanos(1), () -> task.predict(TEXT)))
          .isInstanceOf(CancelledException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> task.predict(TEXT)).isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(task.predict(TEXT)).isEqualTo(expected);
    }
  }

  @Test
  void aClosedTaskSaysSo() {
    var task = load();
    task.close();
    assertThatThrownBy(() -> task.predict(TEXT))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("albert-tiny-demo has been closed");
    assertThatThrownBy(task::warmUp).isInstanceOf(ClosedException.class);
  }

  @Test
  void aTaskIsReplacedUnderLoad() throws Exception {
    try (var holder = Reloadable.of(RunningTasksTest::load);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var expected = holder.use(task -> task.predict(TEXT));
      var answers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 32; i++) {
        answers.add(threads.submit(() -> holder.use(task -> task.predict(TEXT)).equals(expected)));
        if (i % 8 == 0) {
          holder.reload();
        }
      }
      for (var answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    }
  }
}
