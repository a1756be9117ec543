package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.files.TokenizerClass.Setting;
import io.lanewise.tokenizer.normalize.BertNormalizer;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.slow.BertPipeline;
import io.lanewise.tokenizer.slow.BertRules;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import io.lanewise.tokenizer.split.BertWords;
import io.lanewise.tokenizer.subword.WordPiece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * WordPiece tokenizers from a {@code vocab.txt}: BERT's and similar ones (BertTokenizer in Hugging
 * Face's tokenization_bert.py).
 */
final class BertFiles implements VocabularySource {
  private static final int LONGEST_WORD = 100;

  private final String[] pieces;
  private final TokenizerClass type;
  private final JsonPart config;

  BertFiles(Path folder, TokenizerClass type, JsonPart config) {
    this.pieces = VocabularyFiles.vocabTxt(folder.resolve(type.source().files().getFirst()));
    this.type = type;
    this.config = config;
  }

  @Override
  public String[] pieces() {
    return pieces;
  }

  /**
   * {@code BertConverter} of convert_slow_tokenizer.py, then the changes by the fast class ({@code
   * BertTokenizerFast.__init__} in tokenization_bert_fast.py).
   */
  @Override
  public Conversion fast(String unknown) {
    boolean lowerCase = config.bool("do_lower_case", true);
    // Without do_basic_tokenize the conversion turns everything off, and the fast class turns its
    // own settings on again.
    boolean chinese = type.sets(Setting.CHINESE) || config.bool("do_basic_tokenize", true);
    var normalizer =
        new BertNormalizer(
            true,
            chinese && config.bool("tokenize_chinese_chars", true),
            config.bool("strip_accents", lowerCase),
            lowerCase);
    return new Conversion(
        normalizer,
        new BertWords(),
        model(unknown),
        new Decoder.WordPieceDecoder("##", true),
        null,
        List.of());
  }

  @Override
  public Pipeline slow(SlowVocabulary vocabulary, String unknown) {
    boolean basic = config.bool("do_basic_tokenize", true);
    boolean lowerCase = basic && config.bool("do_lower_case", true);
    var neverSplit = new ArrayList<>(vocabulary.special());
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
    return new BertPipeline(
        model(unknown).withUnknownId(vocabulary.id(unknown)), rules, vocabulary);
  }

  private WordPiece model(String unknown) {
    return new WordPiece(pieces, unknown, "##", LONGEST_WORD);
  }

  @Override
  public VocabularyWriter writer(boolean slow) {
    return ModelFiles.wordPiece(pieces);
  }
}
