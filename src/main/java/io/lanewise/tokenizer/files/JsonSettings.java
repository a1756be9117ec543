package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.files.TokenizerClass.Setting;
import java.util.Set;

/**
 * Changes a tokenizer.json like the constructor of a fast class: sets keys of
 * tokenizer_config.json, or the class's defaults for missing keys ({@code
 * BertTokenizerFast.__init__} in tokenization_bert_fast.py, {@code RobertaTokenizerFast.__init__}
 * in tokenization_roberta_fast.py and similar). Only a single component is changed, not one in a
 * sequence.
 */
final class JsonSettings {
  private static final Set<String> TRIMMING = Set.of("RobertaProcessing", "ByteLevel");

  private JsonSettings() {}

  static void apply(TokenizerClass type, JsonPart config, JsonNode tokenizerJson) {
    if (type.sets(Setting.PREFIX_SPACE)) {
      prefixSpace(config, tokenizerJson.path("pre_tokenizer"));
    }
    if (type.sets(Setting.OFFSETS)
        && tokenizerJson.path("post_processor") instanceof ObjectNode processor) {
      offsets(config, processor);
    }
    if (type.sets(Setting.CASE_AND_ACCENTS)) {
      normalizer(type, config, tokenizerJson.path("normalizer"));
    }
  }

  private static void normalizer(TokenizerClass type, JsonPart config, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      throw new TokenizerException(
          type.name()
              + " sets do_lower_case in the normalizer of tokenizer.json, and there is none: name"
              + " another tokenizer_class, such as PreTrainedTokenizerFast, in "
              + config.where());
    }
    if (node instanceof ObjectNode normalizer
        && normalizer.path("type").asText("").equals("BertNormalizer")) {
      normalizer.put("lowercase", value(config.find("do_lower_case"), true, false));
      var strip = config.find("strip_accents");
      normalizer.put("strip_accents", strip.isNull() ? null : strip.bool());
      if (type.sets(Setting.CHINESE)) {
        var chinese = value(config.find("tokenize_chinese_chars"), true, false);
        normalizer.put("handle_chinese_chars", chinese);
      }
    }
  }

  /** Null is the component's own default in ByteLevel, and an error in RobertaProcessing. */
  private static void offsets(JsonPart config, ObjectNode processor) {
    String type = processor.path("type").asText("");
    if (TRIMMING.contains(type)) {
      boolean nullable = type.equals("ByteLevel");
      processor.put("add_prefix_space", value(config.find("add_prefix_space"), false, nullable));
      processor.put("trim_offsets", value(config.find("trim_offsets"), true, nullable));
    }
  }

  /**
   * @param nullable whether null is allowed, and means true
   */
  private static boolean value(JsonPart part, boolean absent, boolean nullable) {
    if (part.node().isMissingNode()) {
      return absent;
    }
    return (nullable && part.isNull()) || part.bool();
  }

  /**
   * {@code PreTrainedTokenizerFast.__init__} (tokenization_utils_fast.py): false if the key is
   * absent. If its value is neither true nor false, setting it fails there without an error, and
   * the value of the file stays.
   */
  private static void prefixSpace(JsonPart config, JsonNode preTokenizer) {
    var space = config.find("add_prefix_space").node();
    if (preTokenizer instanceof ObjectNode object
        && object.path("type").asText("").equals("ByteLevel")
        && (space.isMissingNode() || space.isBoolean())) {
      object.put("add_prefix_space", space.asBoolean(false));
    }
  }
}
