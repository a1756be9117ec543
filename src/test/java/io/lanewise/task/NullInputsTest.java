package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.model.Options;
import io.lanewise.task.attention.AttentionTask;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A null is no text: every task refuses it, with its index, before it computes anything. */
class NullInputsTest {
  private static final Path TASKS = Path.of("src/test/resources/tasks");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);

  @FunctionalInterface
  private interface Load<I> {
    Task<I, ?> from(Path folder, Options options);
  }

  private static <I> DynamicTest test(String folder, Load<I> load, I good) {
    return DynamicTest.dynamicTest(folder, () -> check(folder, load, good));
  }

  private static <I> void check(String folder, Load<I> load, I good) {
    var path = folder.startsWith("weights") ? Path.of(folder) : TASKS.resolve(folder);
    try (var task = load.from(path, OPTIONS)) {
      assertThat(task.predictAll(List.of(good))).hasSize(1);
      refused("input 1 ", () -> task.predictAll(Arrays.asList(good, null)));
      refused("input 0 ", () -> task.predict(null));
      refused("input 2 ", () -> task.predictEach(Stream.of(good, good, null)).forEach(_ -> {}));
      refused("the list of inputs", () -> task.predictAll(null));
    }
  }

  private static void refused(String said, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(InputException.class).hasMessageContaining(said);
  }

  @TestFactory
  Stream<DynamicTest> everyTaskRefusesIt() {
    var pair = TextPair.of("a", "b");
    return Stream.of(
        test("classes-bert-embed", Embedder::load, "a"),
        test("weights/albert-tiny-demo", FillMask::load, "a [MASK]"),
        test("../families/embedder_splade_plain", SparseEmbedder::load, "a"),
        test("classes-roberta-choose", MultipleChoice::load, choice()),
        test("classes-bert-next", NextSentence::load, pair),
        test("classes-albert-order", SentenceOrder::load, pair),
        test("span-bert-answers", QuestionAnswerer::load, new QuestionAnswerer.Question("a", "b")),
        test("classes-bert-rerank", Reranker::load, new Reranker.Query("a", List.of("b"))),
        test("generation/bert-mlm", Scorer::load, "salt"),
        test("weights/albert-tiny-sentiment", TextClassifier::load, TextPair.of("a")),
        test("span-bert-tokens", TokenClassifier::load, "a"),
        test("classes-bart-zero-shot", ZeroShot::load, new ZeroShot.Question("a", List.of("b"))),
        test("generation/bart", Summarizer::load, "a"),
        test("generation/bart", TextToText::load, "a"),
        test("generation/bert-lm", NullInputsTest::generator, "salt"),
        test("weights/albert-tiny-demo", AttentionTask::load, AttentionTask.Question.of("a")));
  }

  private static MultipleChoice.Question choice() {
    return new MultipleChoice.Question("a", List.of("b"));
  }

  private static TextGenerator generator(Path folder, Options options) {
    return TextGenerator.load(folder, options).with(GenerationOptions.DEFAULT.withMaxNewTokens(2));
  }

  @Test
  void inputsAreWholeInThemselves() {
    var holed = Arrays.asList("a", null);
    refused("text", () -> TextPair.of(null));
    refused("second text", () -> TextPair.of("a", null));
    refused("question", () -> new QuestionAnswerer.Question(null, "b"));
    refused("context", () -> new QuestionAnswerer.Question("a", null));
    refused("query", () -> new Reranker.Query(null, List.of("b")));
    refused("passage 1 ", () -> new Reranker.Query("a", holed));
    refused("list of passages", () -> new Reranker.Query("a", null));
    refused("prompt", () -> new MultipleChoice.Question(null, List.of("b")));
    refused("choice 1 ", () -> new MultipleChoice.Question("a", holed));
    refused("text", () -> new ZeroShot.Question(null, List.of("b")));
    refused("label 1 ", () -> new ZeroShot.Question("a", holed));
    refused("text", () -> AttentionTask.Question.of(null));
  }

  @Test
  void wordsAndPiecesAreWhole() {
    try (var tagger = TokenClassifier.load(TASKS.resolve("span-bert-tokens"), OPTIONS)) {
      refused("word 1 ", () -> tagger.predictWords(Arrays.asList("a", null)));
      refused("input 0 ", () -> tagger.predictAllWords(Collections.singletonList(null)));
    }
    try (var writer = TextToText.load(TASKS.resolve("generation/bart"), OPTIONS)) {
      refused("text", () -> writer.stream(null, _ -> true));
    }
  }
}
