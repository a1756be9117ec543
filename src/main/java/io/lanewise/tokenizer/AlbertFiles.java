package io.lanewise.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ALBERT's tokenizers made from a {@code spiece.model}. */
final class AlbertFiles {
  /** The special tokens of {@code AlbertTokenizer} where the folder names none. */
  static final Map<String, AddedToken> SPECIALS =
      specials(
          Map.of(
              "bos_token", "[CLS]",
              "eos_token", "[SEP]",
              "unk_token", "<unk>",
              "sep_token", "[SEP]",
              "pad_token", "<pad>",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]"));

  private AlbertFiles() {}

  /** The fast tokenizer, as it is made from the slow one. */
  static Pipeline fast(
      SentencePieceFile file, List<AddedToken> added, JsonPart config, String where) {
    return AlbertConversion.pipeline(file, rules(config), added, where);
  }

  /**
   * @param sampling how to draw segmentations, null for the best ones
   */
  static Pipeline slow(
      SentencePiece model, List<AddedToken> added, JsonPart config, Sampling sampling) {
    return new AlbertPipeline(model, rules(config), added, sampling);
  }

  private static AlbertRules rules(JsonPart config) {
    return new AlbertRules(
        config.bool("do_lower_case", true),
        config.bool("remove_space", true),
        config.bool("keep_accents", false));
  }

  private static Map<String, AddedToken> specials(Map<String, String> contents) {
    var specials = new LinkedHashMap<String, AddedToken>();
    contents.forEach(
        (role, content) ->
            specials.put(
                role,
                new AddedToken(
                    TokenizerConfig.NO_ID,
                    content,
                    false,
                    role.equals("mask_token"),
                    false,
                    false,
                    true)));
    return Map.copyOf(specials);
  }
}
