package io.lanewise.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** BERT's and NEZHA's tokenizers made from a {@code vocab.txt}. */
final class BertFiles {
  private static final int LONGEST_WORD = 100;

  /** The special tokens where the folder names none. */
  static final Map<String, String> SPECIALS =
      Map.of(
          "unk_token", "[UNK]",
          "sep_token", "[SEP]",
          "pad_token", "[PAD]",
          "cls_token", "[CLS]",
          "mask_token", "[MASK]");

  private BertFiles() {}

  /** The fast tokenizer, as it is made from the slow one. */
  static Pipeline fast(WordPiece model, List<AddedToken> added, JsonPart config) {
    boolean lowerCase = config.bool("do_lower_case", true);
    var normalizer =
        new BertNormalizer(
            true,
            config.bool("tokenize_chinese_chars", true),
            config.bool("strip_accents", lowerCase),
            lowerCase);
    return new ComponentPipeline(
        added, normalizer, new BertWords(), model, new Decoder.WordPieceDecoder("##", true));
  }

  static Pipeline slow(WordPiece model, List<AddedToken> added, JsonPart config) {
    boolean basic = config.bool("do_basic_tokenize", true);
    boolean lowerCase = basic && config.bool("do_lower_case", true);
    var neverSplit = new ArrayList<String>();
    added.stream().filter(AddedToken::special).map(AddedToken::content).forEach(neverSplit::add);
    var more = config.find("never_split");
    if (!more.isNull()) {
      more.items().forEach(item -> neverSplit.add(item.text()));
    }
    var rules =
        new BertRules(
            basic,
            lowerCase,
            basic && config.bool("strip_accents", lowerCase),
            basic && config.bool("tokenize_chinese_chars", true),
            neverSplit);
    return new BertPipeline(model, rules, added);
  }

  static WordPiece model(String[] pieces, String unknown) {
    return new WordPiece(pieces, unknown, "##", LONGEST_WORD);
  }
}
