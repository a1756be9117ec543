package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The answers of transformers 4.57.6 for the folders that tools/reference/tasks.py makes: labels
 * equal, numbers within 1e-5. Each case is asked in one call for all its inputs, and each input
 * alone must have the same answer to the bit.
 */
public class SequenceReferencesTest {
  private static final Path FOLDERS = Path.of("src/test/resources/tasks");
  private static final String PREFIX = "classes-";
  private static final double TOLERANCE = 1e-5;

  /** The names of the folders. */
  public static List<String> cases() throws IOException {
    try (var folders = Files.list(FOLDERS)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith(PREFIX))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyTaskHasItsCases() throws IOException {
    assertThat(
            cases().stream().map(SequenceReferencesTest::expected).map(each -> text(each, "task")))
        .contains(
            "fill-mask", "classify", "zero-shot", "choose", "next", "order", "embed", "rerank");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAreThoseOfTransformers(String name) {
    check(FOLDERS.resolve(name));
  }

  /** Compares the answers of a folder with those that lie in it. */
  public static void check(Path folder) {
    var expected = Json.read(folder.resolve("expected.json"));
    for (var group : expected.get("groups")) {
      var options = options(group.get("settings"));
      var changed = group.get("with");
      switch (text(expected, "task")) {
        case "fill-mask" ->
            check(
                group,
                changed(FillMask.load(folder, options), changed),
                JsonNode::textValue,
                SequenceReferencesTest::checkMasks);
        case "classify" ->
            check(
                group,
                changed(TextClassifier.load(folder, options), changed),
                SequenceReferencesTest::pair,
                SequenceReferencesTest::checkLabels);
        case "zero-shot" ->
            check(
                group,
                changed(ZeroShot.load(folder, TaskOptions.of(options), entailment(group)), changed),
                each -> new ZeroShot.Question(each.get(0).textValue(), texts(each.get(1))),
                SequenceReferencesTest::checkLabels);
        case "choose" ->
            check(
                group,
                MultipleChoice.load(folder, options),
                each -> new MultipleChoice.Question(each.get(0).textValue(), texts(each.get(1))),
                SequenceReferencesTest::checkChoices);
        case "next" ->
            check(
                group,
                NextSentence.load(folder, options),
                SequenceReferencesTest::pair,
                (answer, wanted) -> close(answer.probability(), wanted));
        case "order" ->
            check(
                group,
                SentenceOrder.load(folder, options),
                SequenceReferencesTest::pair,
                (answer, wanted) -> close(answer.probability(), wanted));
        case "embed" ->
            check(
                group,
                changed(Embedder.load(folder, options), changed),
                JsonNode::textValue,
                SequenceReferencesTest::checkEmbedding);
        case "rerank" ->
            check(
                group,
                changed(Reranker.load(folder, options), changed),
                each -> new Reranker.Query(each.get(0).textValue(), texts(each.get(1))),
                SequenceReferencesTest::checkRanked);
        default -> throw new IllegalArgumentException(text(expected, "task"));
      }
    }
  }

  private static <I, A> void check(
      JsonNode group,
      Task<I, A> task,
      Function<JsonNode, I> input,
      BiConsumer<A, JsonNode> compare) {
    try (task) {
      var inputs = stream(group.get("inputs")).map(input).toList();
      var answers = task.predictAll(inputs);
      assertThat(answers).hasSameSizeAs(inputs).hasSize(group.get("outputs").size());
      for (int i = 0; i < inputs.size(); i++) {
        compare.accept(answers.get(i), group.get("outputs").get(i));
        assertThat(task.predict(inputs.get(i))).isEqualTo(answers.get(i));
      }
      assertThat(task.predictEach(inputs.stream()).toList()).isEqualTo(answers);
    }
  }

  /** Kernels whose bits do not depend on the neighbours in a batch. */
  private static Options options(JsonNode settings) {
    var options = Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(2);
    for (var setting : settings.properties()) {
      options = options.withSetting(setting.getKey(), setting.getValue());
    }
    return options;
  }

  private static FillMask changed(FillMask task, JsonNode changed) {
    var fillMask = task.withTop(changed.get("top").intValue());
    return changed.has("targets") ? fillMask.withTargets(texts(changed.get("targets"))) : fillMask;
  }

  private static TextClassifier changed(TextClassifier task, JsonNode changed) {
    return changed.has("function") ? task.withFunction(function(changed)) : task;
  }

  private static Reranker changed(Reranker task, JsonNode changed) {
    return changed.has("function") ? task.withFunction(function(changed)) : task;
  }

  private static ScoreFunction function(JsonNode changed) {
    return ScoreFunction.valueOf(text(changed, "function").toUpperCase(Locale.ROOT));
  }

  /** The pipeline takes the last label where none is called so, which has to be said here. */
  private static String entailment(JsonNode group) {
    var labels = group.get("settings").path("label2id");
    var last = "";
    for (var label : labels.properties()) {
      if (label.getKey().toLowerCase(Locale.ROOT).startsWith("entail")) {
        return null;
      }
      last = label.getKey();
    }
    return labels.isMissingNode() ? null : last;
  }

  private static ZeroShot changed(ZeroShot task, JsonNode changed) {
    var zeroShot = task.withMultiLabel(changed.path("multi_label").asBoolean());
    return changed.has("hypothesis_template")
        ? zeroShot.withTemplate(text(changed, "hypothesis_template"))
        : zeroShot;
  }

  private static Embedder changed(Embedder task, JsonNode changed) {
    var embedder = task.withNormalisation(changed.path("normalised").asBoolean());
    if (changed.has("dimensions")) {
      embedder = embedder.withDimensions(changed.get("dimensions").intValue());
    }
    if (changed.has("prompt_name")) {
      embedder = embedder.withPromptNamed(text(changed, "prompt_name"));
    }
    if (changed.has("pooling")) {
      embedder =
          embedder.withPooling(
              texts(changed.get("pooling")).stream()
                  .flatMap(
                      name ->
                          Stream.of(PoolingMode.values()).filter(mode -> mode.title().equals(name)))
                  .toArray(PoolingMode[]::new));
    }
    return embedder;
  }

  private static void checkMasks(FillMask.Answer answer, JsonNode wanted) {
    var masks = answer.masks();
    assertThat(masks).hasSize(wanted.size());
    for (int mask = 0; mask < masks.size(); mask++) {
      var candidates = masks.get(mask).candidates();
      assertThat(candidates).hasSize(wanted.get(mask).size());
      for (int i = 0; i < candidates.size(); i++) {
        var each = wanted.get(mask).get(i);
        assertThat(candidates.get(i).id()).isEqualTo(each.get("token").intValue());
        assertThat(candidates.get(i).token()).isEqualTo(text(each, "token_str"));
        assertThat(candidates.get(i).text()).isEqualTo(text(each, "sequence"));
        close(candidates.get(i).score(), each.get("score"));
      }
    }
  }

  private static void checkLabels(List<LabelScore> answer, JsonNode wanted) {
    assertThat(answer.stream().map(LabelScore::label).toList()).isEqualTo(texts(wanted, "label"));
    for (int i = 0; i < answer.size(); i++) {
      close(answer.get(i).score(), wanted.get(i).get("score"));
    }
  }

  /** The reference has them in the order of the question. */
  private static void checkChoices(List<LabelScore> answer, JsonNode wanted) {
    assertThat(answer).hasSize(wanted.size());
    float before = 1;
    for (var each : answer) {
      close(each.score(), wanted.get(each.id()));
      assertThat(each.score()).isLessThanOrEqualTo(before);
      before = each.score();
    }
  }

  private static void checkRanked(List<Reranker.Ranked> answer, JsonNode wanted) {
    assertThat(answer).hasSize(wanted.size());
    for (int i = 0; i < answer.size(); i++) {
      assertThat(answer.get(i).index()).isEqualTo(wanted.get(i).get("index").intValue());
      close(answer.get(i).score(), wanted.get(i).get("score"));
    }
  }

  private static void checkEmbedding(Embedding answer, JsonNode wanted) {
    assertThat(answer.size()).isEqualTo(wanted.size());
    for (int i = 0; i < answer.size(); i++) {
      close(answer.values()[i], wanted.get(i));
    }
  }

  /** To 1e-5, of what is larger than 1 to 1e-5 of it. */
  private static void close(float actual, JsonNode wanted) {
    double value = wanted.doubleValue();
    assertThat((double) actual).isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
  }

  private static JsonNode expected(String name) {
    return Json.read(FOLDERS.resolve(name).resolve("expected.json"));
  }

  private static TextPair pair(JsonNode input) {
    return input.isTextual()
        ? TextPair.of(input.textValue())
        : TextPair.of(input.get(0).textValue(), input.get(1).textValue());
  }

  private static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::textValue).toList();
  }

  private static List<String> texts(JsonNode list, String key) {
    var texts = new ArrayList<String>();
    list.forEach(each -> texts.add(text(each, key)));
    return texts;
  }

  private static String text(JsonNode node, String key) {
    return node.get(key).textValue();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
