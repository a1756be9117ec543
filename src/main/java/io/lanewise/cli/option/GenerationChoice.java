package io.lanewise.cli.option;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import io.lanewise.CheckpointException;
import io.lanewise.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/** How text is generated; not said, as the model's files and Hugging Face's pipeline say. */
public final class GenerationChoice {
  private static final TypeReference<Object> ANYTHING = new TypeReference<>() {};

  @Option(
      names = {"-n", "--max-new-tokens"},
      paramLabel = "N",
      description = "Tokens that are written at most.")
  private Integer maxNewTokens;

  @Option(names = "--beams", paramLabel = "N", description = "Beams of the search; 1 for none.")
  private Integer beams;

  @Option(
      names = "--sample",
      negatable = true,
      description = "Draw tokens by their probabilities, or take the likeliest.")
  private Boolean sample;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Of the drawing: below 1 likely tokens are drawn more often.")
  private Double temperature;

  @Option(
      names = {"-k", "--top-k"},
      paramLabel = "N",
      description = "Draw from the N likeliest tokens.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens that have this probability together.")
  private Double topP;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the drawing: the same seed gives the same text; default: 0.")
  private Long seed;

  @Option(names = "--sequences", paramLabel = "N", description = "Texts for each text; default: 1.")
  private Integer sequences;

  @Option(
      names = {"-g", "--generation"},
      paramLabel = "KEY=VALUE",
      description = {
        "Any setting of generation_config.json, such as no_repeat_ngram_size=3.",
        "The value is JSON, or a text."
      })
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--stream",
      description = "Write the text of one TEXT piece by piece; with neither beams nor sequences.")
  private boolean stream;

  /** Whether text is told piece by piece. */
  public boolean streams() {
    return stream;
  }

  /** All that was said. */
  public io.lanewise.generate.GenerationOptions options() {
    var said = new LinkedHashMap<String, Object>();
    said.put("max_new_tokens", maxNewTokens);
    said.put("num_beams", beams == null && stream ? Integer.valueOf(1) : beams);
    said.put("do_sample", sample);
    said.put("temperature", temperature);
    said.put("top_k", topK);
    said.put("top_p", topP);
    said.put("num_return_sequences", sequences);
    said.values().removeIf(Objects::isNull);
    settings.forEach((key, text) -> said.put(key, value(text)));
    return new io.lanewise.generate.GenerationOptions(said, seed == null ? 0 : seed);
  }

  /** A number, a text, a truth or a list of those; null for null. */
  private static Object value(String text) {
    try {
      return Json.mapper().convertValue(Json.parse(text.getBytes(UTF_8), "value"), ANYTHING);
    } catch (CheckpointException e) {
      return text;
    }
  }
}
