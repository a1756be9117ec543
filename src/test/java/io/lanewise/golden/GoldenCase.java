package io.lanewise.golden;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One directory of a golden set, what its {@code case.json} says.
 *
 * @param architecture Hugging Face class to load; null to go by config.json
 * @param options what the reference was asked for besides its result
 * @param drop outputs that are not in the expected file on purpose
 * @param validRows name of the mask input whose zeros mark rows that are not compared; may be null
 * @param otherWeights files with the same weights, which give the same numbers
 * @param outcomes how a bad case may end: {@code error}, {@code empty}, {@code ok}; empty for a
 *     good one
 */
record GoldenCase(
    Path folder,
    String name,
    String family,
    String architecture,
    String mode,
    Map<String, JsonNode> options,
    double atol,
    double rtol,
    Set<String> drop,
    String validRows,
    Set<String> otherWeights,
    Set<String> outcomes) {

  /** Python writes infinities into JSON, so these files are read less strictly than a model's. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  static GoldenCase read(Path folder) throws IOException {
    var json = JSON.readTree(folder.resolve("case.json").toFile());
    boolean auto = "auto".equals(json.path("load_via").asText());
    var options = new LinkedHashMap<String, JsonNode>();
    json.path("options").properties().forEach(e -> options.put(e.getKey(), e.getValue()));
    return new GoldenCase(
        folder,
        folder.getFileName().toString(),
        json.path("family").asText(),
        auto ? null : json.path("architecture").asText(),
        json.path("mode").asText(),
        options,
        json.path("atol").asDouble(),
        json.path("rtol").asDouble(),
        texts(json.path("drop")),
        json.path("valid_rows").asText(null),
        texts(json.path("alt_weights")),
        json.has("expect_error") ? texts(json.path("outcomes")) : Set.of());
  }

  private static Set<String> texts(JsonNode array) {
    var texts = new TreeSet<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Tokens of each call of a decoder, one call after the other. */
  List<Integer> chunks() {
    var chunks = new ArrayList<Integer>();
    options.get("chunks").forEach(chunk -> chunks.add(chunk.asInt()));
    return chunks;
  }

  boolean isBad() {
    return !outcomes.isEmpty();
  }
}
