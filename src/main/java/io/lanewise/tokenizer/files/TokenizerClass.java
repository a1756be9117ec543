package io.lanewise.tokenizer.files;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tokenizer class of Hugging Face, slow and fast, as far as it changes what the files say. {@link
 * TokenizerClasses} has them all.
 *
 * @param name the slow class, {@code "BertTokenizer"}; the fast one is called the same and Fast
 * @param source what its vocabulary files are; {@link Source#JSON} if only tokenizer.json is read
 * @param specials its special tokens by role, where the files name none
 * @param slow how the slow class declares the special tokens that are given as bare texts
 * @param fast how the fast class does
 * @param frame what it puts around texts
 * @param inputNames what its model is given
 * @param settings what the fast class sets in a tokenizer.json
 */
record TokenizerClass(
    String name,
    Source source,
    Map<String, String> specials,
    Declares slow,
    Declares fast,
    Frame frame,
    List<String> inputNames,
    Set<Setting> settings) {

  /** The files that a tokenizer is made from if there is no tokenizer.json. */
  enum Source {
    /** vocab.txt: WordPiece. */
    WORD_PIECE,
    /** vocab.json and merges.txt: byte-level BPE. */
    BYTE_PAIRS,
    /** spiece.model, with ALBERT's rules. */
    ALBERT,
    /** spiece.model, with T5's rules. */
    T5,
    /** spm.model, with DeBERTa-v2's rules. */
    DEBERTA_V2,
    /** sentencepiece.bpe.model, renumbered as fairseq numbers XLM-RoBERTa's. */
    XLM_ROBERTA,
    /** sentencepiece.bpe.model, renumbered as fairseq numbers CamemBERT's. */
    CAMEMBERT,
    /** None: the class is read from a tokenizer.json alone. */
    JSON;

    /** The files that must be there. */
    List<String> files() {
      return switch (this) {
        case WORD_PIECE -> List.of("vocab.txt");
        case BYTE_PAIRS -> List.of("vocab.json", "merges.txt");
        case ALBERT, T5 -> List.of("spiece.model");
        case DEBERTA_V2 -> List.of("spm.model");
        case XLM_ROBERTA, CAMEMBERT -> List.of("sentencepiece.bpe.model");
        case JSON -> List.of();
      };
    }
  }

  /** How a class turns the texts of special tokens into added tokens. */
  enum Declares {
    /** Not at all. */
    NOTHING,
    /** The mask takes the space before it; the others stay texts. */
    MASK,
    /** As before, and the mask is looked for in the normalized text. */
    NORMALIZED_MASK,
    /** All, the mask as before. */
    ALL,
    /** The unknown token, looked for in the normalized text. */
    NORMALIZED_UNKNOWN;

    /** The token of a role, declared if it is a bare text and the class does so. */
    DeclaredToken declare(String role, DeclaredToken token) {
      if (token == null || !token.bare()) {
        return token;
      }
      String content = token.content();
      boolean mask = role.equals("mask_token");
      return switch (this) {
        case NOTHING -> token;
        case MASK -> mask ? DeclaredToken.stripping(content) : token;
        case NORMALIZED_MASK ->
            mask ? DeclaredToken.stripping(content).withNormalized(true) : token;
        case ALL -> mask ? DeclaredToken.stripping(content) : DeclaredToken.added(content);
        case NORMALIZED_UNKNOWN ->
            role.equals("unk_token") ? DeclaredToken.added(content).withNormalized(true) : token;
      };
    }
  }

  /** What stands around texts; see the class's post-processor in convert_slow_tokenizer.py. */
  enum Frame {
    /** {@code [CLS] A [SEP] B [SEP]}, of the tokens of those roles. */
    BERT,
    /** The same, and [CLS] is of type 2. */
    FUNNEL,
    /** The same, whatever the roles are: the tokens are always called [CLS] and [SEP]. */
    CLS_SEP,
    /** {@code <s> A </s></s> B </s>}, of the tokens of the roles. */
    ROBERTA,
    /** The same, and B is of type 1 in the fast tokenizer. */
    MPNET,
    /** As RoBERTa's, whatever the roles are: the tokens are always called that. */
    FAIRSEQ,
    /** {@code A </s> B </s>}. */
    T5,
    /** Nothing, or the begin token before each text with {@code add_bos_token}. */
    GPT2
  }

  /** A key of tokenizer_config.json that the fast class sets in a tokenizer.json. */
  enum Setting {
    /** {@code do_lower_case} and {@code strip_accents} in a BertNormalizer. */
    CASE_AND_ACCENTS,
    /** {@code tokenize_chinese_chars} in a BertNormalizer. */
    CHINESE,
    /** {@code add_prefix_space} in a ByteLevel pre-tokenizer: {@code PreTrainedTokenizerFast}'s. */
    PREFIX_SPACE,
    /** {@code add_prefix_space} and {@code trim_offsets} in the post-processor. */
    OFFSETS
  }

  /** Whether no file names a class. */
  boolean isUnnamed() {
    return name.isEmpty();
  }

  boolean sets(Setting setting) {
    return settings.contains(setting);
  }

  /** Whether its slow tokenizer cleans up after decoding where the files do not say. */
  boolean cleansUp() {
    return source == Source.WORD_PIECE && !name.equals("RetriBertTokenizer");
  }
}
