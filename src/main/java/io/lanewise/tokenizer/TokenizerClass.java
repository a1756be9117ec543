package io.lanewise.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The class that Hugging Face would load a folder with, as far as it changes what the files say.
 */
enum TokenizerClass {
  /** BERT's, NEZHA's too. */
  BERT,
  /** RoBERTa's, BART's and Longformer's. */
  ROBERTA,
  /** Any other: files are taken as they are. */
  OTHER;

  static TokenizerClass of(TokenizerConfig config, Path folder) {
    String name = config.root().text("tokenizer_class", "");
    Path file = folder.resolve("config.json");
    if (name.isEmpty() && Files.exists(file)) {
      var model = new JsonPart(Json.read(file), file.toString());
      name = model.text("tokenizer_class", "");
      if (name.isEmpty()) {
        return ofModel(model.text("model_type", ""));
      }
    }
    return switch (name) {
      case "BertTokenizer", "BertTokenizerFast" -> BERT;
      case "RobertaTokenizer",
          "RobertaTokenizerFast",
          "BartTokenizer",
          "BartTokenizerFast",
          "LongformerTokenizer",
          "LongformerTokenizerFast" ->
          ROBERTA;
      default -> OTHER;
    };
  }

  private static TokenizerClass ofModel(String type) {
    return switch (type) {
      case "bert", "nezha" -> BERT;
      case "roberta", "bart", "longformer" -> ROBERTA;
      default -> OTHER;
    };
  }

  /**
   * Sets in a tokenizer.json what the fast class sets from tokenizer_config.json, or from its own
   * defaults where that is silent: BERT its normalizer, RoBERTa its spaces. ALBERT sets nothing.
   */
  void override(JsonNode tokenizerJson, TokenizerConfig config) {
    var root = config.root();
    switch (this) {
      case BERT -> {
        if (tokenizerJson.path("normalizer") instanceof ObjectNode normalizer
            && normalizer.path("type").asText("").equals("BertNormalizer")) {
          normalizer.put("lowercase", root.bool("do_lower_case", true));
          normalizer.put("handle_chinese_chars", root.bool("tokenize_chinese_chars", true));
          var strip = root.find("strip_accents");
          normalizer.put("strip_accents", strip.isNull() ? null : strip.bool());
        }
      }
      case ROBERTA -> {
        boolean prefix = root.bool("add_prefix_space", false);
        replace(tokenizerJson.path("pre_tokenizer"), "add_prefix_space", prefix);
        replace(tokenizerJson.path("post_processor"), "add_prefix_space", prefix);
        boolean trim = root.bool("trim_offsets", true);
        replace(tokenizerJson.path("post_processor"), "trim_offsets", trim);
      }
      case OTHER -> {
        // Nothing to set.
      }
    }
  }

  private static void replace(JsonNode component, String name, boolean value) {
    if (component instanceof ObjectNode object && object.has(name)) {
      object.put(name, value);
    }
  }
}
