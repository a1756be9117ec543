package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders laid out as those of the Hub, by tools/reference/hub_folders.py. What a command prints
 * for them is what Python answers: labels and texts equal, numbers within 1e-5.
 */
class HubFoldersTest {
  private static final Path FOLDERS = Path.of("src/test/resources/hub-folders");
  private static final double TOLERANCE = 1e-5;

  static Stream<String> names() throws IOException {
    try (var files = Files.list(FOLDERS)) {
      return files
          .filter(Files::isDirectory)
          .map(each -> each.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  private static JsonNode commands(String name) {
    return Json.read(FOLDERS.resolve(name + ".json"));
  }

  private static Run run(Path model, JsonNode command, String... more) {
    var arguments = new ArrayList<String>();
    command.get("arguments").forEach(each -> arguments.add(each.textValue()));
    arguments.addAll(1, List.of("--model", model.toString()));
    arguments.addAll(1, List.of(more));
    return Run.of(arguments.toArray(String[]::new)).succeeded();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aCommandAnswersAsPythonDoes(String name) {
    for (var command : commands(name)) {
      var answer = run(FOLDERS.resolve(name), command, "--json").json();
      assertSame(name, answer, command.get("answer"));
    }
  }

  /** All that the answers need goes along: pooling, tokenizer, labels, the names of the weights. */
  @ParameterizedTest
  @MethodSource("names")
  void aConvertedFolderAnswersTheSame(String name, @TempDir Path folder) {
    var out = folder.resolve(name);
    var model = FOLDERS.resolve(name);
    Run.of("convert", "--model", model.toString(), "--out", out.toString()).succeeded();
    for (var command : commands(name)) {
      assertThat(run(out, command).out()).isNotBlank().isEqualTo(run(model, command).out());
    }
  }

  /** Lanewise may say more, such as the text of a passage. */
  private static void assertSame(String where, JsonNode actual, JsonNode wanted) {
    assertThat(actual).as(where).isNotNull();
    if (wanted.isNumber()) {
      double value = wanted.doubleValue();
      double limit = wanted.isIntegralNumber() ? 0 : TOLERANCE * Math.max(1, Math.abs(value));
      assertThat(actual.doubleValue()).as(where).isCloseTo(value, within(limit));
    } else if (wanted.isArray()) {
      assertThat(actual).as(where).hasSize(wanted.size());
      for (int i = 0; i < wanted.size(); i++) {
        assertSame(where + "[" + i + "]", actual.get(i), wanted.get(i));
      }
    } else if (wanted.isObject()) {
      wanted
          .properties()
          .forEach(
              each ->
                  assertSame(
                      where + "." + each.getKey(), actual.get(each.getKey()), each.getValue()));
    } else {
      assertThat(actual).as(where).isEqualTo(wanted);
    }
  }
}
