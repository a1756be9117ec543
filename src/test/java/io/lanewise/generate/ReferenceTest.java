package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares with results of generate() and its processors, recorded by
 * tools/reference/generation_tasks.py.
 */
class ReferenceTest {
  private static final Path ROOT = Path.of("src/test/resources/tasks/generation");

  private static List<JsonNode> cases(String folder, String kind) {
    var all = Json.read(ROOT.resolve(folder).resolve("cases.json"));
    return StreamSupport.stream(all.spliterator(), false)
        .filter(each -> each.get("kind").textValue().equals(kind))
        .toList();
  }

  private static Generator with(Generator generator, JsonNode settings) {
    var more = generator;
    for (var setting : settings.properties()) {
      more = more.with(setting.getKey(), setting.getValue());
    }
    return more;
  }

  @TestFactory
  Stream<DynamicTest> sequencesAndScores() {
    return Stream.of("bert-lm", "roberta-lm", "bart")
        .flatMap(
            folder ->
                cases(folder, "generate").stream()
                    .map(
                        each ->
                            DynamicTest.dynamicTest(
                                folder + " " + each.get("settings"),
                                () -> check(ROOT.resolve(folder), each))));
  }

  private static void check(Path folder, JsonNode expected) {
    var tokenizer = Tokenizer.load(folder);
    Generated generated;
    try (var model = Model.load(folder, Options.DEFAULT.withThreads(1))) {
      generated =
          with(Generator.of(model), expected.get("settings"))
              .withDecoder(ids -> tokenizer.decode(ids, false, false))
              .generate(Inputs.ids(rows(expected.get("ids"))));
    }
    assertThat(generated.sequences()).isEqualTo(Tensor.of(rows(expected.get("sequences"))));
    if (expected.has("scores")) {
      for (int i = 0; i < expected.get("scores").size(); i++) {
        var score = expected.get("scores").get(i);
        if (score.isNull()) { // NaN there, the highest score here
          assertThat(generated.scores().at(i)).isInfinite();
        } else {
          assertThat(generated.scores().at(i)).isCloseTo(score.floatValue(), within(1e-5f));
        }
      }
    }
  }

  private static int[][] rows(JsonNode lists) {
    return StreamSupport.stream(lists.spliterator(), false)
        .map(ReferenceTest::ids)
        .toArray(int[][]::new);
  }

  private static int[] ids(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  @Test
  void whatIsDrawnFrom() {
    try (var model = Model.load(ROOT.resolve("roberta-lm"), Options.DEFAULT.withThreads(1))) {
      for (var each : cases("roberta-lm", "warp")) {
        var generator =
            with(Generator.of(model), each.get("settings"))
                .with("do_sample", true)
                .with("max_length", 19);
        int[] tokens = ids(each.get("tokens"));
        int[] more = each.has("written") ? ids(each.get("written")) : new int[0];
        int[] written = IntStream.concat(Arrays.stream(tokens), Arrays.stream(more)).toArray();
        var plan =
            Plan.of(generator.config(), new int[][] {tokens}, new int[][] {tokens}, 60, null, 0);
        var scores = new float[each.get("scores").size()];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = each.get("scores").get(i).floatValue();
        }
        plan.ruled(plan.written(0, 0, written), scores);
        for (int i = 0; i < scores.length; i++) {
          var after = each.get("after").get(i);
          var what = each.get("settings") + " token " + i;
          if (after.isNull()) {
            assertThat(scores[i]).as(what).isEqualTo(Constraint.EXCLUDED);
          } else {
            assertThat(scores[i]).as(what).isCloseTo(after.floatValue(), within(1e-5f));
          }
        }
      }
    }
  }
}
