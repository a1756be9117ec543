package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.model.Options;
import io.lanewise.task.attention.AttentionTask;
import io.lanewise.tokenizer.TokenizerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is set when a task is loaded reaches its model, its tokenizer and its batches. */
class TaskOptionsTest {
  private static final Path TASKS = Path.of("src/test/resources/tasks");
  private static final Path DEMO = Path.of("weights/albert-tiny-demo");
  private static final Path SENTIMENT = Path.of("weights/albert-tiny-sentiment");

  private static <I> DynamicTest test(
      String folder,
      Function<Path, Task<I, ?>> alone,
      BiFunction<Path, TaskOptions, Task<I, ?>> load,
      List<I> inputs) {
    return DynamicTest.dynamicTest(
        folder,
        () -> {
          var path = folder.startsWith("weights") ? Path.of(folder) : TASKS.resolve(folder);
          try (var task = alone.apply(path)) {
            assertThat(task.predictAll(inputs)).hasSize(inputs.size());
          }
          var heard = new ArrayList<Integer>();
          var options =
              TaskOptions.of(Options.DEFAULT.withThreads(1))
                  .withBatchTokens(1) // each goes alone
                  .withListener((done, _) -> heard.add(done));
          try (var task = load.apply(path, options)) {
            assertThat(task.predictAll(inputs)).hasSize(inputs.size());
          }
          assertThat(heard).hasSizeGreaterThanOrEqualTo(inputs.size());
        });
  }

  @TestFactory
  Stream<DynamicTest> everyTaskIsLoadedByItsFolderOrWithOptions() {
    var texts = List.of("salt", "the ship left");
    var pairs = List.of(TextPair.of("a", "b"), TextPair.of("c", "d e f"));
    var questions =
        List.of(
            new QuestionAnswerer.Question("a", "b"), new QuestionAnswerer.Question("c", "d e f"));
    var choices =
        List.of(
            new MultipleChoice.Question("a", List.of("b")),
            new MultipleChoice.Question("c", List.of("d e f")));
    var queries =
        List.of(new Reranker.Query("a", List.of("b")), new Reranker.Query("c", List.of("d e f")));
    var labels =
        List.of(
            new ZeroShot.Question("a", List.of("b")), new ZeroShot.Question("c", List.of("d e f")));
    return Stream.of(
        test("classes-bert-embed", Embedder::load, Embedder::load, texts),
        test(
            "weights/albert-tiny-demo",
            FillMask::load,
            FillMask::load,
            List.of("[MASK]", "a [MASK]")),
        test("classes-roberta-choose", MultipleChoice::load, MultipleChoice::load, choices),
        test("classes-bert-next", NextSentence::load, NextSentence::load, pairs),
        test("classes-albert-order", SentenceOrder::load, SentenceOrder::load, pairs),
        test("span-bert-answers", QuestionAnswerer::load, QuestionAnswerer::load, questions),
        test("classes-bert-rerank", Reranker::load, Reranker::load, queries),
        test("generation/bert-mlm", Scorer::load, Scorer::load, texts),
        test("weights/albert-tiny-sentiment", TextClassifier::load, TextClassifier::load, pairs),
        test("span-bert-tokens", TokenClassifier::load, TokenClassifier::load, texts),
        test("classes-bart-zero-shot", ZeroShot::load, ZeroShot::load, labels),
        test("generation/bart", Summarizer::load, Summarizer::load, texts),
        test("generation/bart", TextToText::load, TextToText::load, texts),
        test("generation/bert-lm", TextGenerator::load, TextGenerator::load, texts));
  }

  @Test
  void flagsReachTheTokenizerOfEachTask() {
    var accented =
        TaskOptions.DEFAULT.withTokenizer(
            TokenizerOptions.DEFAULT
                .withFlavor(TokenizerOptions.Flavor.SLOW)
                .withFlag("keep_accents", true));
    try (var plain = FillMask.load(DEMO);
        var fillMask = FillMask.load(DEMO, accented)) {
      assertThat(plain.predict("pâris [MASK]")).isNotEqualTo(fillMask.predict("pâris [MASK]"));
      assertThat(plain.predict("paris [MASK]")).isEqualTo(fillMask.predict("paris [MASK]"));
    }
    try (var plain = Embedder.load(DEMO);
        var embedder = Embedder.load(DEMO, accented)) {
      assertThat(plain.predict("pâris")).isNotEqualTo(embedder.predict("pâris"));
      assertThat(plain.predict("paris")).isEqualTo(embedder.predict("paris"));
    }
    try (var plain = TextClassifier.load(SENTIMENT);
        var classifier = TextClassifier.load(SENTIMENT, accented)) {
      assertThat(plain.predict("a fïne film")).isNotEqualTo(classifier.predict("a fïne film"));
      assertThat(plain.predict("a fine film")).isEqualTo(classifier.predict("a fine film"));
    }
    try (var plain = AttentionTask.load(DEMO);
        var attention = AttentionTask.load(DEMO, accented)) {
      assertThat(plain.predict("pâris").parts().getFirst().keys())
          .isNotEqualTo(attention.predict("pâris").parts().getFirst().keys());
    }
  }

  @Test
  void aLengthReachesTheTask() {
    try (var whole = TextClassifier.load(SENTIMENT);
        var cut = TextClassifier.load(SENTIMENT, TaskOptions.DEFAULT.withMaxLength(5))) {
      assertThat(cut.predict("a fine film of the worst kind"))
          .isEqualTo(whole.predict("a fine film"));
    }
  }

  @Test
  void sizesAreChecked() {
    assertThatThrownBy(() -> TaskOptions.DEFAULT.withBatchTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchTokens 0");
    assertThatThrownBy(() -> TaskOptions.DEFAULT.withMaxLength(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxLength -1");
  }
}
