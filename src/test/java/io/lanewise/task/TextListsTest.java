package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.task.attention.AttentionMaps;
import io.lanewise.task.attention.AttentionTask;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where a task takes a text it takes a list of texts, though its inputs are something else. */
class TextListsTest {
  private static final Path TASKS = Path.of("src/test/resources/tasks");
  private static final Path SENTIMENT = Path.of("weights/albert-tiny-sentiment");
  private static final Path DEMO = Path.of("weights/albert-tiny-demo");

  @Test
  void aClassifierTakesTextsAndPairs() {
    try (var classifier = TextClassifier.load(SENTIMENT)) {
      var good = classifier.predict("a gripping, beautifully shot film");
      var bad = classifier.predict("the worst film of the year");
      var texts = List.of("a gripping, beautifully shot film", "the worst film of the year");
      assertThat(classifier.predictAll(texts)).containsExactly(good, bad);
      assertThat(
              classifier.predictAll(
                  List.of("the worst film of the year", "a gripping, beautifully shot film")))
          .containsExactly(bad, good);
      assertThat(
              classifier.predictAll(List.of(TextPair.of(texts.get(1)), TextPair.of(texts.get(0)))))
          .containsExactly(bad, good);
      assertThat(classifier.predictEachText(texts.stream())).containsExactly(good, bad);
      assertThat(classifier.predictEach(texts.stream().map(TextPair::of)))
          .containsExactly(good, bad);
      assertThat(classifier.predictAll(List.<String>of())).isEmpty();
      refused("input 1 ", () -> classifier.predictAll(Arrays.asList("a", null)));
      refused("input 1 ", () -> classifier.predictEachText(Stream.of("a", null)).forEach(_ -> {}));
    }
  }

  @Test
  void aStreamOfTextsIsReadAWindowAtATimeAndClosed() {
    try (var classifier = TextClassifier.load(SENTIMENT)) {
      var closed = new boolean[1];
      var endless = Stream.iterate("a", text -> text).onClose(() -> closed[0] = true);
      try (var answers = classifier.withTop(1).predictEachText(endless)) {
        assertThat(answers.limit(3)).hasSize(3);
      }
      assertThat(closed[0]).isTrue();
    }
  }

  @Test
  void zeroShotTakesTextsWithTheSameLabels() {
    try (var zeroShot = ZeroShot.load(TASKS.resolve("classes-bart-zero-shot"))) {
      var labels = List.of("sport", "politics");
      assertThat(zeroShot.predictAll(List.of("A match.", "A vote in London."), labels))
          .containsExactly(
              zeroShot.predict("A match.", labels), zeroShot.predict("A vote in London.", labels));
      refused("input 0 ", () -> zeroShot.predictAll(Arrays.asList(null, "a"), labels));
    }
  }

  @Test
  void questionsShareAContext() {
    try (var answerer = QuestionAnswerer.load(TASKS.resolve("span-albert-answers"))) {
      var context = "Ada lived in London.";
      assertThat(answerer.predictAll(List.of("Where did Ada live?", "Who?"), context))
          .containsExactly(
              answerer.predict("Where did Ada live?", context), answerer.predict("Who?", context));
      refused("input 1 ", () -> answerer.predictAll(Arrays.asList("a", null), context));
    }
  }

  @Test
  void attentionTakesTexts() {
    try (var attention = AttentionTask.load(DEMO)) {
      assertThat(attention.predictAll(List.of("Paris", "The cat sat.")))
          .extracting(AttentionMaps::question)
          .containsExactly(
              AttentionTask.Question.of("Paris"), AttentionTask.Question.of("The cat sat."));
      refused("input 1 ", () -> attention.predictAll(Arrays.asList("a", null)));
    }
  }

  @Test
  void sentencesArePairs() {
    var first = "It rained for days.";
    var second = "The river rose.";
    try (var next = NextSentence.load(TASKS.resolve("classes-bert-next"));
        var order = SentenceOrder.load(TASKS.resolve("classes-albert-order"))) {
      var pairs = List.of(TextPair.of(second, first), TextPair.of(first, second));
      assertThat(next.predictAll(pairs))
          .containsExactly(next.predict(second, first), next.predict(first, second));
      assertThat(order.predictAll(pairs))
          .containsExactly(order.predict(second, first), order.predict(first, second));
    }
  }

  private static void refused(String said, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(InputException.class).hasMessageContaining(said);
  }
}
