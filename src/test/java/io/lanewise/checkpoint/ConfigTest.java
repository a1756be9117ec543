package io.lanewise.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  private static Config config(String json) {
    return JsonConfig.of(Json.parse(json.getBytes(UTF_8), "config.json"), "config.json");
  }

  @Test
  void readsWithTypes() {
    var config =
        config(
            """
            {"hidden_size": 768, "pad_token_id": -1, "layer_norm_eps": 1e-12, "dropout": 0,
             "is_decoder": true, "hidden_act": "gelu", "architectures": ["A", "B"]}
            """);
    assertThat(config.positive("hidden_size", 1)).isEqualTo(768);
    assertThat(config.integer("pad_token_id", 0)).isEqualTo(-1);
    assertThat(config.decimal("layer_norm_eps", 1)).isEqualTo(1e-12);
    assertThat(config.decimal("dropout", 0.1, 0, 1)).isZero();
    assertThat(config.bool("is_decoder", false)).isTrue();
    assertThat(config.text("hidden_act", "relu")).isEqualTo("gelu");
    assertThat(config.texts("architectures")).containsExactly("A", "B");
  }

  @Test
  void absentAndNullTakeTheFallback() {
    var config = config("{\"hidden_size\": null}");
    assertThat(config.has("hidden_size")).isFalse();
    assertThat(config.positive("hidden_size", 7)).isEqualTo(7);
    assertThat(config.integer("x", -3)).isEqualTo(-3);
    assertThat(config.decimal("x", 0.5)).isEqualTo(0.5);
    assertThat(config.decimal("x", -1, 0, 1)).isEqualTo(-1);
    assertThat(config.bool("x", true)).isTrue();
    assertThat(config.text("x").orElse(null)).isNull();
    assertThat(config.texts("x")).isEmpty();
    assertThat(config.problemType()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-3",
        "16777217",
        "99999999999999999999999",
        "9223372036854775807",
        "2.5",
        "12.0",
        "\"768\"",
        "true",
        "[1]",
        "{}"
      })
  void refusesWhatIsNoSize(String value) {
    assertThatThrownBy(() -> config("{\"hidden_size\": " + value + "}").positive("hidden_size", 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "config.json: hidden_size: "
                + value
                + " was found, an integer from 1 to 16777216 is needed");
  }

  @Test
  void refusesOtherWrongTypes() {
    var config =
        config("{\"a\": \"x\", \"b\": 1, \"c\": [1], \"d\": 2.5, \"e\": 1e999, \"f\": [\"x\", 1]}");
    assertThatThrownBy(() -> config.decimal("a", 1))
        .hasMessage("config.json: a: \"x\" was found, a finite number is needed");
    assertThatThrownBy(() -> config.decimal("e", 1)).hasMessageContaining("a finite number");
    assertThatThrownBy(() -> config.decimal("d", 1, 0, 1))
        .hasMessage("config.json: d: 2.5 was found, a number from 0.0 to 1.0 is needed");
    assertThatThrownBy(() -> config.bool("b", true))
        .hasMessage("config.json: b: 1 was found, true or false is needed");
    assertThatThrownBy(() -> config.text("c", "")).hasMessageContaining("a text is needed");
    assertThatThrownBy(() -> config.texts("f")).hasMessageContaining("a list of texts");
    assertThatThrownBy(() -> config.texts("b")).hasMessageContaining("a list of texts");
    assertThatThrownBy(() -> config.choice("a", "y", List.of("y", "z")))
        .hasMessage("config.json: a: \"x\" was found, one of y, z is needed");
  }

  @Test
  void messagesStayOnOneShortLine() {
    var config = config("{\"act\": \"a\\n" + "x".repeat(5000) + "\"}");
    assertThatThrownBy(() -> config.choice("act", "", List.of("gelu")))
        .hasMessageNotContaining("\n")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void aTreeThatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> config("[1, 2]"))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("config.json holds an array, a JSON object of settings was expected");
  }

  @Test
  void oneWindowStandsForAllLayers() {
    assertThat(config("{\"w\": 512}").positives("w", 8, 3)).containsExactly(512, 512, 512);
    assertThat(config("{\"w\": [4, 8]}").positives("w", 8, 2)).containsExactly(4, 8);
    assertThat(config("{}").positives("w", 8, 2)).containsExactly(8, 8);
    assertThatThrownBy(() -> config("{\"w\": [4, 8]}").positives("w", 8, 3))
        .hasMessage("config.json: w: it has 2 entries, 3 are needed");
    assertThatThrownBy(() -> config("{\"w\": [4, 0]}").positives("w", 8, 2))
        .hasMessageContaining("0 was found");
  }

  @Test
  void labelsAreCountedAsHuggingFaceCounts() {
    assertThat(config("{}").labels()).containsExactly("LABEL_0", "LABEL_1");
    assertThat(config("{}").labels(3)).hasSize(3);
    assertThat(config("{\"num_labels\": 4}").labels()).hasSize(4);
    assertThat(config("{\"id2label\": {\"1\": \"b\", \"0\": \"a\"}, \"num_labels\": 4}").labels())
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "3", "{\"x\": \"a\"}", "{\"1\": \"a\"}", "{\"-1\": \"a\"}"})
  void labelsMustBeNumberedFromZero(String ids) {
    assertThatThrownBy(() -> config("{\"id2label\": " + ids + "}").labels())
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("config.json: id2label: ");
  }

  @Test
  void ofAProgram() {
    var config = Config.of(Map.of("hidden_size", 8, "id2label", Map.of(0, "a", 1, "b")));
    assertThat(config.positive("hidden_size", 1)).isEqualTo(8);
    assertThat(config.labels()).containsExactly("a", "b");
    assertThat(config.where()).isEqualTo("the settings");
    assertThat(config.with("id2label", null).json()).isEqualTo("{\"hidden_size\":8}");
    assertThatThrownBy(() -> Config.of(Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void absentTexts() {
    var config = config("{\"a\": \"x\", \"b\": null, \"c\": 1}");
    assertThat(config.text("a")).contains("x");
    assertThat(config.text("b")).isEmpty();
    assertThat(config.choice("a", List.of("x", "y"))).contains("x");
    assertThat(config.choice("d", List.of("x"))).isEmpty();
    assertThatThrownBy(() -> config.text("c")).hasMessageContaining("a text is needed");
    assertThatThrownBy(() -> config.choice("a", List.of("y"))).hasMessageContaining("one of y");
  }

  @Test
  void overrides() {
    var config = config("{\"hidden_size\": 8, \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}");
    assertThat(config.with("hidden_size", 16).positive("hidden_size", 1)).isEqualTo(16);
    assertThat(config.with("hidden_size", null).positive("hidden_size", 1)).isEqualTo(1);
    assertThat(config.positive("hidden_size", 1)).isEqualTo(8);
    assertThat(config.with("num_labels", 2).labels()).containsExactly("a", "b");
    assertThat(config.with("num_labels", 3).labels())
        .containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(config.with("id2label", Map.of(0, "x")).labels()).containsExactly("x");
    assertThat(config.with("w", List.of(1, 2)).positives("w", 1, 2)).containsExactly(1, 2);
    assertThat(config.with("problem_type", "regression").problemType()).contains("regression");
    assertThatThrownBy(() -> config.with("num_labels", -1)).hasMessageContaining("num_labels: -1");
    assertThatThrownBy(() -> config.with("x", new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
