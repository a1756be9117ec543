package io.lanewise.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.lanewise.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with Jackson's own mapper as the oracle: the same trees, and the same errors. */
class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " null ",
        "true",
        "\"\"",
        "\"a\\u00e4\\ud83d\\ude00\\n\"",
        "2147483647",
        "2147483648",
        "-9223372036854775808",
        "9223372036854775808",
        "123456789012345678901234567890",
        "0.1",
        "-0.0",
        "1e-12",
        "1E400",
        "3.4028236e38",
        "{\"a\": 1, \"b\": [1, 2.5, {\"c\": null, \"d\": [[], {}]}], \"\": false, \"e\": \"x\"}"
      })
  void treesAreThoseOfTheMapper(String document) throws Exception {
    var bytes = document.getBytes(UTF_8);
    var read = Json.parse(bytes, "x");
    var expected = Json.mapper().readTree(bytes);
    assertThat(read).isEqualTo(expected).hasSameClassAs(expected);
    assertThat(read.toString()).isEqualTo(expected.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[1, 2",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": }",
        "{} {}",
        "1 x",
        "nul",
        "NaN",
        "[1,]",
        "\"a",
        "'a'",
        "01",
        "]"
      })
  void whatIsWrongTheMapperSays(String document) {
    var bytes = document.getBytes(UTF_8);
    var said =
        catchThrowableOfType(JsonProcessingException.class, () -> Json.mapper().readTree(bytes));
    assertThatThrownBy(() -> Json.parse(bytes, "x.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("x.json is not valid JSON")
        .hasMessageEndingWith(": " + said.getOriginalMessage());
  }

  @Test
  void depthIsBounded() {
    var bytes = "[".repeat(201).concat("]".repeat(201)).getBytes(UTF_8);
    assertThatThrownBy(() -> Json.parse(bytes, "x.json"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("200");
    var deepest = "[".repeat(200).concat("]".repeat(200)).getBytes(UTF_8);
    assertThat(Json.parse(deepest, "x.json").isArray()).isTrue();
  }

  @Test
  void anEmptyDocumentIsNone() {
    for (var empty : new String[] {"", " \n"}) {
      assertThatThrownBy(() -> Json.parse(empty.getBytes(UTF_8), "x.json"))
          .hasMessage("x.json is empty: a JSON document was expected");
    }
  }

  @Test
  void whatIsShownIsTheBeginning() throws Exception {
    var document = "{\"a\": 1, \"b\": [1, 2.5, {\"c\": null, \"d\": [[], {}]}], \"e\": \"x\\n\"}";
    var tree = Json.mapper().readTree(document);
    assertThat(JsonExcerpt.of(tree, 1000)).isEqualTo(tree.toString());
    for (int most = 0; most < 60; most++) {
      int kept = Math.min(most, tree.toString().length());
      assertThat(JsonExcerpt.of(tree, most)).startsWith(tree.toString().substring(0, kept));
    }
    var list = Json.mapper().createArrayNode();
    for (int i = 0; i < 100_000; i++) {
      list.add("a text");
    }
    assertThat(JsonExcerpt.of(list, 60)).hasSizeLessThan(80);
    assertThat(JsonExcerpt.of(Json.mapper().getNodeFactory().textNode("a".repeat(100_000)), 60))
        .hasSizeLessThan(80);
  }
}
