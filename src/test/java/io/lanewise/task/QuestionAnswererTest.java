package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.model.Backends;
import io.lanewise.model.KernelChoice;
import io.lanewise.task.QuestionAnswerer.Answer;
import io.lanewise.task.QuestionAnswerer.Question;
import io.lanewise.task.span.SpanCases;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionAnswererTest {
  private static final Path BERT = SpanCases.FOLDER.resolve("span-bert-answers");
  private static final String CONTEXT =
      "She sold 😀😀 sea shells; he sold 🧊 at 北京. 𝒳-ray light, 👩‍🚀 said so near Łódź. ";

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("Where is the café?", CONTEXT),
          new Question("Who sold 😀?", CONTEXT.repeat(7)),
          new Question("Where?", "Łódź"),
          new Question("Which year was it lost?", CONTEXT.repeat(3)));

  static Stream<Map.Entry<SpanCases.Model, List<JsonNode>>> cases() {
    return SpanCases.of("answers").entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsThePipeline(Map.Entry<SpanCases.Model, List<JsonNode>> cases) {
    var model = cases.getKey();
    try (var answerer =
        QuestionAnswerer.load(
            model.folder(), TaskOptions.of(SpanCases.OPTIONS).withTokenizer(model.tokenizer()))) {
      for (var each : cases.getValue()) {
        var set = set(answerer.withOffsets(OffsetUnit.CODE_POINTS), each.get("settings"));
        var question = each.get("question").textValue();
        check(each, set.predict(question, each.get("context").textValue()), model.fast());
      }
    }
    assertThat(cases.getValue()).hasSizeGreaterThan(9);
  }

  private static QuestionAnswerer set(QuestionAnswerer answerer, JsonNode settings) {
    var set = answerer;
    for (var setting : settings.properties()) {
      var value = setting.getValue();
      set =
          switch (setting.getKey()) {
            case "top_k" -> set.withTop(value.intValue());
            case "handle_impossible_answer" -> set.withImpossibleAnswer(value.booleanValue());
            case "align_to_words" -> set.withWholeWords(value.booleanValue());
            case "max_answer_len" -> set.withMaxAnswerLength(value.intValue());
            case "max_question_len" -> set.withMaxQuestionLength(value.intValue());
            case "max_seq_len" -> set.withMaxSequenceLength(value.intValue());
            case "doc_stride" -> set.withDocStride(value.intValue());
            default -> throw new IllegalArgumentException(setting.getKey());
          };
    }
    return set;
  }

  /** Answers that the pipeline fills up with, which have the score 0, are none. */
  private static void check(JsonNode expected, List<Answer> found, boolean fast) {
    var answers = new ArrayList<JsonNode>();
    for (var answer : expected.get("result")) {
      if (answer.get("score").doubleValue() > 0) {
        answers.add(answer);
      }
    }
    assertThat(found).as("%s", expected).hasSameSizeAs(answers);
    for (int i = 0; i < found.size(); i++) {
      var answer = answers.get(i);
      var as = "%d of %s".formatted(i, expected);
      assertThat(found.get(i).text()).as(as).isEqualTo(answer.get("answer").textValue());
      assertThat(found.get(i).score())
          .as(as)
          .isCloseTo(answer.get("score").floatValue(), within(1e-5f));
      assertThat(found.get(i).start()).as(as).isEqualTo(answer.get("start").intValue());
      if (fast) { // else the pipeline's end is not that of the answer
        int end = Math.max(answer.get("start").intValue(), answer.get("end").intValue());
        assertThat(found.get(i).end()).as(as).isEqualTo(end);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "span-albert-answers",
        "span-bart-answers",
        "span-bert-answers",
        "span-left-answers",
        "span-longformer-answers",
        "span-roberta-answers"
      })
  void anAnswerIsWhatStandsInItsPlace(String model) {
    try (var answerer = QuestionAnswerer.load(SpanCases.FOLDER.resolve(model), SpanCases.OPTIONS)) {
      for (var words : List.of(true, false)) {
        var set = answerer.withTop(20).withWholeWords(words).withImpossibleAnswer(true);
        for (var question : QUESTIONS) {
          var answers = set.predict(question);
          assertThat(answers)
              .isNotEmpty()
              .allSatisfy(
                  answer ->
                      assertThat(question.context().substring(answer.start(), answer.end()))
                          .isEqualTo(answer.text()));
        }
      }
    }
  }

  /** To the bit, but for OpenBLAS, whose last bits may depend on the other rows. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPENBLAS")
  void manyQuestionsGiveWhatEachGivesAlone(KernelChoice backend) {
    var options = SpanCases.OPTIONS.withBackend(Backends.hereOrAuto(backend));
    try (var answerer = QuestionAnswerer.load(BERT, TaskOptions.of(options).withBatchTokens(200))) {
      var set = answerer.withTop(3);
      var questions = new ArrayList<>(QUESTIONS);
      questions.addAll(QUESTIONS.reversed());
      var together = set.predictAll(questions);
      assertThat(together).hasSameSizeAs(questions);
      for (int i = 0; i < questions.size(); i++) {
        assertThat(together.get(i)).isEqualTo(set.predict(questions.get(i)));
      }
      assertThat(set.predictEach(questions.stream())).isEqualTo(together);
      assertThat(set.predictAll(List.of())).isEmpty();
    }
  }

  @Test
  void whatCannotBeAnsweredIsNamed() {
    try (var answerer = QuestionAnswerer.load(BERT, SpanCases.OPTIONS)) {
      assertThatThrownBy(
              () -> answerer.predictAll(List.of(QUESTIONS.getFirst(), new Question("Who?", ""))))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("question 2")
          .hasMessageContaining("Who?");
      assertThatThrownBy(() -> answerer.predict("", CONTEXT)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> answerer.predict("Where is ".repeat(40), CONTEXT))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("Where is")
          .hasMessageContaining("64 tokens");
      assertThatThrownBy(() -> answerer.withMaxSequenceLength(500).predict("Who?", CONTEXT))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("at most 64");
      assertThatThrownBy(() -> answerer.withDocStride(65).predict("Who?", CONTEXT))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("doc stride 65");
      assertThatThrownBy(() -> answerer.withDocStride(60).predict("Who?", CONTEXT.repeat(4)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("Who?");
      assertThatThrownBy(() -> answerer.withTop(0)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> answerer.withMaxAnswerLength(0)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> answerer.withDocStride(-1)).isInstanceOf(InputException.class);
    }
  }

  /** A separator in the text is a fourth one; the question that has it is named. */
  @Test
  void longformerWantsThreeSeparators() {
    var folder = SpanCases.FOLDER.resolve("span-longformer-answers");
    try (var answerer = QuestionAnswerer.load(folder, SpanCases.OPTIONS)) {
      var bad = new Question("Who?", "Ada </s> Lovelace.");
      assertThatThrownBy(() -> answerer.predictAll(List.of(QUESTIONS.getFirst(), bad)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("Ada </s>")
          .hasMessageContaining("three separators");
    }
  }

  @Test
  void aContextOfSpacesHasAnEmptyAnswer() {
    try (var answerer = QuestionAnswerer.load(BERT, SpanCases.OPTIONS)) {
      assertThat(answerer.predict("Who?", "   ")).containsExactly(new Answer(0, 0, 0, ""));
    }
  }

  /** A stride is that of windows; a context that fits into one has none. */
  @Test
  void theStrideChangesNothingWhereOneWindowIsEnough() {
    try (var answerer = QuestionAnswerer.load(BERT, SpanCases.OPTIONS)) {
      var question = QUESTIONS.get(2);
      var usual = answerer.withTop(5).predict(question);
      for (int stride : new int[] {0, 1, 33, 64}) {
        assertThat(answerer.withTop(5).withDocStride(stride).predict(question)).isEqualTo(usual);
      }
      var cut = QUESTIONS.get(1);
      assertThat(answerer.withDocStride(0).predict(cut))
          .isNotEqualTo(answerer.withDocStride(20).predict(cut));
    }
  }

  @Test
  void theLimitBoundsTheWindows() {
    try (var bounded =
            QuestionAnswerer.load(BERT, TaskOptions.of(SpanCases.OPTIONS).withMaxLength(40));
        var free = QuestionAnswerer.load(BERT, SpanCases.OPTIONS)) {
      var question = QUESTIONS.get(1);
      assertThat(bounded.withTop(3).predict(question))
          .isEqualTo(free.withTop(3).withMaxSequenceLength(40).predict(question));
      assertThatThrownBy(() -> bounded.withMaxSequenceLength(41).predict(question))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    try (var answerer = QuestionAnswerer.load(BERT, SpanCases.OPTIONS);
        var pool = Executors.newFixedThreadPool(4)) {
      var alone = QUESTIONS.stream().map(answerer::predict).toList();
      var calls =
          IntStream.range(0, 40)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        int which = i % QUESTIONS.size();
                        assertThat(answerer.predict(QUESTIONS.get(which)))
                            .isEqualTo(alone.get(which));
                        return null;
                      })
              .toList();
      for (var done : pool.invokeAll(calls)) {
        done.get();
      }
    }
  }
}
