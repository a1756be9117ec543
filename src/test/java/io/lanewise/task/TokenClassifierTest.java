package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.TokenizerException;
import io.lanewise.model.Backends;
import io.lanewise.model.KernelChoice;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.task.span.SpanCases;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenClassifierTest {
  private static final Path BERT = SpanCases.FOLDER.resolve("span-bert-tokens");
  private static final Path ROBERTA = SpanCases.FOLDER.resolve("span-roberta-tokens");

  /** The pipeline cuts long texts in silence. */
  private static final TaskOptions CUT = TaskOptions.of(SpanCases.OPTIONS).withMaxLength(64);

  private static final List<String> TEXTS =
      List.of(
          "She sold 😀😀 sea shells 🧊 at 北京.",
          "Ada met Señor Núñez.",
          "",
          "𝒳-ray light, 👩‍🚀 said so near the bridge of Łódź in the year 1984.");

  static Stream<Map.Entry<SpanCases.Model, List<JsonNode>>> cases() {
    return SpanCases.of("tokens").entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsThePipeline(Map.Entry<SpanCases.Model, List<JsonNode>> cases) {
    var model = cases.getKey();
    try (var tagger = TokenClassifier.load(model.folder(), CUT.withTokenizer(model.tokenizer()))) {
      for (var each : cases.getValue()) {
        var settings = each.get("settings");
        var set = set(tagger.withOffsets(OffsetUnit.CODE_POINTS), settings);
        var found =
            each.has("words")
                ? set.predictWords(SpanCases.texts(each.get("words")))
                : set.predict(each.get("text").textValue());
        check(each, found, model.fast());
      }
    }
    assertThat(cases.getValue()).hasSizeGreaterThan(9);
  }

  private static TokenClassifier set(TokenClassifier tagger, JsonNode settings) {
    var result =
        SpanCases.with(
            tagger,
            settings,
            "aggregation_strategy",
            value ->
                tagger.withAggregation(
                    Aggregation.valueOf(value.textValue().toUpperCase(Locale.ROOT))));
    var named =
        SpanCases.with(
            result,
            settings,
            "ignore_labels",
            value -> result.withIgnoredLabels(new HashSet<>(SpanCases.texts(value))));
    var windowed =
        SpanCases.with(named, settings, "stride", value -> named.withStride(value.intValue()));
    return SpanCases.with(
        windowed, settings, "delimiter", value -> windowed.withDelimiter(value.textValue()));
  }

  private static void check(JsonNode expected, List<Entity> found, boolean places) {
    var answers = expected.get("result");
    assertThat(found).as("%s", expected).hasSameSizeAs(answers);
    for (int i = 0; i < found.size(); i++) {
      var answer = answers.get(i);
      var entity = found.get(i);
      boolean alone = answer.has("entity");
      var as = "%d of %s".formatted(i, expected);
      assertThat(entity.label())
          .as(as)
          .isEqualTo(answer.get(alone ? "entity" : "entity_group").textValue());
      assertThat(entity.word()).as(as).isEqualTo(answer.get("word").textValue());
      assertThat(entity.score()).as(as).isCloseTo(answer.get("score").floatValue(), within(1e-5f));
      assertThat(entity.index())
          .as(as)
          .isEqualTo(alone ? answer.get("index").intValue() : Entity.NO_INDEX);
      if (places) {
        assertThat(entity.start()).as(as).isEqualTo(answer.get("start").intValue());
        assertThat(entity.end()).as(as).isEqualTo(answer.get("end").intValue());
      }
    }
  }

  /** Every token of the text, so that no place is left out; RoBERTa's cut an emoji into bytes. */
  @Test
  void placesAreThoseOfJava() {
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS)) {
      var all = tagger.withIgnoredLabels(Set.of());
      for (var text : TEXTS) {
        var units = all.predict(text);
        var points = all.withOffsets(OffsetUnit.CODE_POINTS).predict(text);
        assertThat(units).hasSameSizeAs(points);
        for (int i = 0; i < units.size(); i++) {
          var unit = units.get(i);
          var point = points.get(i);
          int[] codePoints = text.codePoints().skip(point.start()).toArray();
          assertThat(text.substring(unit.start(), unit.end()))
              .isNotEmpty()
              .isEqualTo(new String(codePoints, 0, point.end() - point.start()));
        }
      }
      var words = all.predict("sold 😀😀 at 😀").stream().map(Entity::word).toList();
      assertThat(words).contains("😀"); // it is in the text as in the vocabulary
    }
  }

  @Test
  void aSlowTokenizerHasPlacesToo() {
    try (var tagger =
        TokenClassifier.load(
            BERT,
            TaskOptions.of(SpanCases.OPTIONS)
                .withTokenizer(TokenizerOptions.DEFAULT.withFlavor(Flavor.SLOW)))) {
      var text = "😀 Paris";
      for (var entity : tagger.withIgnoredLabels(Set.of()).predict(text)) {
        assertThat(text.substring(entity.start(), entity.end())).isNotEmpty();
      }
      assertThatThrownBy(() -> tagger.withAggregation(Aggregation.FIRST))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("FIRST");
      assertThatThrownBy(() -> tagger.withStride(3)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> tagger.predictWords(List.of("a", "b")))
          .isInstanceOf(TokenizerException.class);
    }
  }

  /** To the bit, but for OpenBLAS, whose last bits may depend on the other rows. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPENBLAS")
  void manyTextsGiveWhatEachGivesAlone(KernelChoice backend) {
    var options = SpanCases.OPTIONS.withBackend(Backends.hereOrAuto(backend));
    try (var tagger = TokenClassifier.load(ROBERTA, TaskOptions.of(options).withBatchTokens(200))) {
      var set = tagger.withAggregation(Aggregation.AVERAGE).withStride(5);
      var texts = new ArrayList<>(TEXTS);
      texts.add(String.join(" ", TEXTS).repeat(5));
      texts.addAll(TEXTS);
      var together = set.predictAll(texts);
      assertThat(together).hasSameSizeAs(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).isEqualTo(set.predict(texts.get(i)));
      }
      assertThat(set.predictEach(texts.stream())).isEqualTo(together);
    }
  }

  /** Words with spaces between are the text, where the tokenizer cuts at spaces. */
  @Test
  void wordsAreTheTextWithSpaces() {
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS)) {
      var set = tagger.withAggregation(Aggregation.FIRST);
      for (var text : TEXTS) {
        assertThat(set.predictWords(List.of(text.split(" ")))).isEqualTo(set.predict(text));
      }
      assertThat(set.predictAllWords(List.of())).isEmpty();
      assertThat(set.predictWords(List.of())).isEmpty();
    }
  }

  @Test
  void aTextTooLongIsRefusedByName() {
    var text = "the old clerk 😀 ".repeat(30);
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS)) {
      assertThatThrownBy(() -> tagger.predictAll(List.of("Ada", text)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the old clerk")
          .hasMessageContaining("at most 64");
      assertThatThrownBy(() -> tagger.predictWords(List.of(text.split(" "))))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the old clerk");
      var windows = tagger.withAggregation(Aggregation.SIMPLE).withStride(8);
      assertThat(windows.withIgnoredLabels(Set.of()).predict(text).getLast().end())
          .isEqualTo(text.length() - 1);
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS)) {
      assertThatThrownBy(() -> tagger.withStride(-1)).isInstanceOf(InputException.class);
      assertThatThrownBy(() -> tagger.withStride(62))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("from 0 to 61");
      assertThatThrownBy(() -> tagger.withStride(5).predict("Ada"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("aggregation");
    }
  }

  /** The documentation's example; its labels are those of the model that is asked. */
  @Test
  void eachTokenHasOneLabel() {
    var albert = SpanCases.FOLDER.resolve("span-albert-tokens");
    var text = "HuggingFace is a company based in Paris and New York";
    try (var tagger = TokenClassifier.load(albert, SpanCases.OPTIONS)) {
      var found = tagger.withIgnoredLabels(Set.of()).predict(text);
      var options = EncodeOptions.DEFAULT.withAddSpecialTokens(false);
      var tokens = Tokenizer.load(albert).encode(text, options);
      assertThat(found).hasSize(tokens.length());
      assertThat(found).allSatisfy(each -> assertThat(tagger.labels()).contains(each.label()));
      assertThat(found.stream().map(Entity::label).distinct()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void theLabelsAreTold() {
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS)) {
      assertThat(tagger.labels()).startsWith("O", "B-PER").endsWith("I-X-RAY").hasSize(7);
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    try (var tagger = TokenClassifier.load(BERT, SpanCases.OPTIONS);
        var pool = Executors.newFixedThreadPool(4)) {
      var alone = TEXTS.stream().map(tagger::predict).toList();
      var calls =
          IntStream.range(0, 40)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        int which = i % TEXTS.size();
                        assertThat(tagger.predict(TEXTS.get(which))).isEqualTo(alone.get(which));
                        return null;
                      })
              .toList();
      for (var done : pool.invokeAll(calls)) {
        done.get();
      }
    }
  }
}
