package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What tools/reference/generation_tasks.py recorded of transformers' pipelines and losses. */
class GenerationTasksTest {
  private static final Path ROOT = Path.of("src/test/resources/tasks/generation");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);

  private static List<JsonNode> cases(String folder, String kind) {
    var all = Json.read(ROOT.resolve(folder).resolve("cases.json"));
    return StreamSupport.stream(all.spliterator(), false)
        .filter(each -> each.get("kind").textValue().equals(kind))
        .toList();
  }

  /** The task with what a pipeline was made or called with. */
  private static GenerationTask changed(GenerationTask task, JsonNode given) {
    var changed = task;
    var options = GenerationOptions.DEFAULT;
    for (var settings : List.of(given.get("settings"), given.path("made_with"))) {
      for (var setting : settings.properties()) {
        var value = setting.getValue();
        switch (setting.getKey()) {
          case "return_full_text" ->
              changed = ((TextGenerator) changed).withFullText(value.booleanValue());
          case "add_special_tokens" ->
              changed = ((TextGenerator) changed).withSpecialTokens(value.booleanValue());
          case "clean_up_tokenization_spaces" ->
              changed = changed.withCleanUp(value.booleanValue());
          default -> options = options.with(setting.getKey(), value);
        }
      }
    }
    return changed.with(options);
  }

  private static List<String> strings(List<GeneratedText> texts) {
    return texts.stream().map(GeneratedText::text).toList();
  }

  private static Stream<DynamicTest> tests(
      String folder, String task, BiFunction<Path, Options, GenerationTask> load) {
    return cases(folder, "pipeline").stream()
        .filter(each -> each.get("task").textValue().equals(task))
        .map(
            each ->
                DynamicTest.dynamicTest(
                    folder + " " + task + " " + each.get("text") + each.get("settings"),
                    () -> {
                      var expected = new ArrayList<String>();
                      each.get("texts").forEach(text -> expected.add(text.textValue()));
                      try (var loaded = load.apply(ROOT.resolve(folder), OPTIONS)) {
                        var texts = changed(loaded, each).predict(each.get("text").textValue());
                        assertThat(strings(texts)).isEqualTo(expected);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> textGeneration() {
    return Stream.of("bert-lm", "roberta-lm", "bart-lm")
        .flatMap(folder -> tests(folder, "text-generation", TextGenerator::load));
  }

  @TestFactory
  Stream<DynamicTest> summarization() {
    return tests("bart", "summarization", Summarizer::load);
  }

  @TestFactory
  Stream<DynamicTest> textToText() {
    return tests("bart", "text2text-generation", TextToText::load);
  }

  @Test
  void causalLikelihoodIsThatOfTheLoss() {
    for (var folder : List.of("bert-lm", "roberta-lm", "bart-lm")) {
      try (var scorer = Scorer.load(ROOT.resolve(folder), OPTIONS)) {
        assertThat(scorer.isCausal()).isTrue();
        for (var each : cases(folder, "causal")) {
          var likelihood = scorer.predict(each.get("text").textValue());
          check(likelihood, each);
          double perplexity = each.get("perplexity").doubleValue();
          assertThat(likelihood.perplexity()).isCloseTo(perplexity, within(perplexity * 1e-5));
        }
      }
    }
  }

  @Test
  void maskedLikelihoodHidesOneTokenAfterTheOther() {
    for (var folder : List.of("bert-mlm", "albert-mlm")) {
      try (var scorer = Scorer.load(ROOT.resolve(folder), OPTIONS)) {
        assertThat(scorer.isCausal()).isFalse();
        for (var each : cases(folder, "masked")) {
          check(scorer.predict(each.get("text").textValue()), each);
        }
      }
    }
  }

  private static void check(Likelihood likelihood, JsonNode expected) {
    var tokens = likelihood.tokens();
    assertThat(tokens).hasSameSizeAs(expected.get("ids"));
    double sum = 0;
    for (int i = 0; i < tokens.size(); i++) {
      double log = expected.get("logs").get(i).doubleValue();
      assertThat(tokens.get(i).id()).isEqualTo(expected.get("ids").get(i).intValue());
      assertThat(tokens.get(i).logProbability()).isCloseTo(log, within(1e-5));
      sum += log;
    }
    assertThat(likelihood.sum()).isCloseTo(sum, within(1e-4));
  }
}
