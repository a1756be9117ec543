package io.lanewise.task.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import io.lanewise.task.Reranker;
import io.lanewise.task.ScoreFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools/reference/torch_functions.py recorded, and where the functions are named. */
class TorchFunctionTest {
  private static final Path TASKS = Path.of("src/test/resources/tasks");
  private static final Config NONE = JsonConfig.of(Json.mapper().createObjectNode(), "config.json");

  private static double[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  private static TorchFunction named(String name) {
    return TorchFunction.named(NONE, "activation_function", name);
  }

  @TestFactory
  Stream<DynamicTest> valuesAreThoseOfTorch() {
    var tree = Json.read(TASKS.resolve("torch-functions.json"));
    double[] vector = numbers(tree.get("vector"));
    return tree.get("values").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      var results = named(entry.getKey()).apply(vector, TorchFunction.SLOPE);
                      double[] expected = numbers(entry.getValue());
                      for (int i = 0; i < expected.length; i++) {
                        double near = 1e-6 * Math.max(1, Math.abs(expected[i]));
                        assertThat((double) results[i])
                            .as("at " + vector[i])
                            .isCloseTo(expected[i], within(near));
                      }
                    }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.nn.modules.activation.GLU",
        "torch.nn.modules.activation.Threshold",
        "torch.nn.modules.activation.Softmax2d",
        "torch.nn.modules.activation.MultiheadAttention",
        "torch.nn.Linear",
        "my.own.GELU",
        "GELU",
        ""
      })
  void othersAreRefusedByName(String name) {
    assertThatThrownBy(() -> named(name))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("config.json: activation_function: " + name)
        .hasMessageContaining("Softplus");
  }

  /** A monotone function leaves the order of the passages and changes their scores. */
  @Test
  void aCrossEncoderScoresWithTheFunctionOfItsFile() {
    var folder = TASKS.resolve("classes-bert-rerank");
    var options = Options.DEFAULT.withThreads(1);
    var passages = List.of("rome", "madrid", "paris");
    try (var plain = Reranker.load(folder, options).withFunction(ScoreFunction.NONE)) {
      var logits = plain.predict("where", passages);
      for (var name : List.of("Tanh", "Softplus", "Identity", "Softsign", "LeakyReLU")) {
        var whole = "torch.nn.modules.activation." + name;
        for (var set :
            List.of(
                options.withSetting("sbert_ce_default_activation_function", whole),
                options.withSetting(
                    "sentence_transformers", java.util.Map.of("activation_fn", whole)))) {
          try (var reranker = Reranker.load(folder, set)) {
            assertThat(reranker.function()).isEqualTo(name);
            var ranked = reranker.predict("where", passages);
            for (int i = 0; i < ranked.size(); i++) {
              assertThat(ranked.get(i).index()).isEqualTo(logits.get(i).index());
              assertThat((double) ranked.get(i).score())
                  .isCloseTo(named(whole).of(logits.get(i).score(), 0.25), within(1e-6));
            }
          }
        }
      }
    }
    for (var name : List.of("Softmax", "RReLU", "GLU")) {
      var set =
          options.withSetting(
              "sentence_transformers", java.util.Map.of("activation_fn", "torch.nn." + name));
      assertThatThrownBy(() -> Reranker.load(folder, set))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("sentence_transformers: activation_fn", name);
    }
  }
}
