package io.lanewise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What README.md and the tables say of speed is what {@code tools/bench/table} measured and wrote
 * into {@code results/PROCESSOR/table.json}; {@code tools/bench/table --draw} brings them together
 * again.
 */
class SpeedTableTest {
  private static final Path RESULTS = Path.of("tools", "bench", "results");

  /** The name of a processor that played another; the front page has no column for it. */
  private static final String PLAYED = "-as-avx2";

  private static Map<String, JsonNode> results() throws IOException {
    var results = new TreeMap<String, JsonNode>();
    try (var folders = Files.list(RESULTS)) {
      for (var folder : folders.toList()) {
        var file = folder.resolve("table.json").toFile();
        results.put(folder.getFileName().toString(), new ObjectMapper().readTree(file));
      }
    }
    return results;
  }

  @Test
  void readmeShowsWhatWasMeasuredOnEachProcessor() throws IOException {
    var columns = new ArrayList<Map.Entry<String, JsonNode>>();
    results().entrySet().stream().filter(e -> !e.getKey().endsWith(PLAYED)).forEach(columns::add);
    var table = front();
    var heads =
        columns.stream().map(column -> spoken(column.getKey())).collect(Collectors.toList());
    assertThat(table.getFirst().subList(2, table.getFirst().size())).isEqualTo(heads);
    var rows = table.subList(2, table.size());
    assertThat(rows).hasSizeGreaterThan(10);
    for (var row : rows) {
      var measured = columns.stream().map(column -> cell(column.getValue(), row)).toList();
      assertThat(row.subList(2, row.size())).as(row.toString()).isEqualTo(measured);
      assertThat(String.join("", measured)).as(row.toString()).isNotEmpty();
    }
    var readme = Files.readString(Path.of("README.md"));
    for (var column : columns) {
      assertThat(readme).contains(RESULTS + "/" + column.getKey() + "/table.md");
    }
  }

  @Test
  void everyTableHasTheRowsThatWereMeasured() throws IOException {
    var results = results();
    assertThat(results).containsKey("amd-zen-4");
    for (var processor : results.entrySet()) {
      var folder = RESULTS.resolve(processor.getKey());
      assertThat(folder.resolve("ratios.svg")).isRegularFile();
      var lines = Files.readAllLines(folder.resolve("table.md"));
      assertThat(processor.getValue()).hasSizeGreaterThan(0);
      for (var row : processor.getValue()) {
        assertThat(lines)
            .anyMatch(
                line ->
                    line.startsWith("| %s | %s |".formatted(text(row, "label"), text(row, "peer")))
                        && line.contains("**" + number(row, row.get("value").asDouble()) + "**")
                        && line.endsWith(verdict(row)));
      }
    }
  }

  /** Whether a row is met is what its value and its target say. */
  @Test
  void verdictsFollowFromTheTargets() throws IOException {
    for (var processor : results().entrySet()) {
      for (var row : processor.getValue()) {
        if (row.get("target").isNull()) {
          assertThat(row.get("met").isNull()).isTrue();
          continue;
        }
        double value = row.get("value").asDouble();
        double target = row.get("target").asDouble();
        boolean met = text(row, "sense").equals("at most") ? value <= target : value >= target;
        assertThat(row.get("met").asBoolean()).as(text(row, "label")).isEqualTo(met);
      }
    }
  }

  private static String verdict(JsonNode row) {
    var met = row.get("met");
    return met.isNull() ? "|  |" : met.asBoolean() ? "| met |" : "| not met |";
  }

  /** The cells of the front page's table, line by line. */
  private static List<List<String>> front() throws IOException {
    var readme = Files.readString(Path.of("README.md"));
    var lines = new ArrayList<List<String>>();
    readme
        .substring(readme.indexOf("<!-- tools/bench/table writes"), readme.indexOf("<!-- until"))
        .lines()
        .filter(line -> line.startsWith("|"))
        .forEach(
            line -> {
              var cells = line.substring(1, line.length() - 1).split("\\|", -1);
              lines.add(Arrays.stream(cells).map(String::strip).toList());
            });
    return lines;
  }

  /** How many times as fast a processor's row is, found by its first two cells; empty if none. */
  private static String cell(JsonNode rows, List<String> line) {
    for (var row : rows) {
      if (brief(text(row, "label")).equals(line.get(0)) && text(row, "peer").equals(line.get(1))) {
        double value = row.get("value").asDouble();
        return "**" + number(row, text(row, "kind").equals("speed") ? value : 1 / value) + "**";
      }
    }
    return "";
  }

  private static String text(JsonNode row, String key) {
    return row.get(key).asText();
  }

  private static String brief(String label) {
    return label.replaceAll(", [\\d,]+ texts of mixed lengths, [\\d,]+ tokens", ", mixed lengths");
  }

  /** A folder's name for a reader: AMD Zen 4. */
  private static String spoken(String folder) {
    return Arrays.stream(folder.split("-", -1))
        .map(
            word ->
                switch (word) {
                  case "amd" -> "AMD";
                  case "family", "model" -> word;
                  default -> Character.toUpperCase(word.charAt(0)) + word.substring(1);
                })
        .collect(Collectors.joining(" "));
  }

  /** Three digits that count; of a cosine five, rounded down. */
  private static String number(JsonNode row, double value) {
    var exact = new BigDecimal(value);
    if (text(row, "unit").equals("cosine")) {
      return exact.setScale(5, RoundingMode.DOWN).toPlainString();
    }
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(
        Locale.ROOT, "%,." + digits + "f", exact.setScale(digits, RoundingMode.HALF_EVEN));
  }
}
