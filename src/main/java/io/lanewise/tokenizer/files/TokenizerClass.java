package io.lanewise.tokenizer.files;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tokenizer class of Hugging Face, slow and fast, as far as it differs from its files. {@link
 * TokenizerClasses} has them all.
 *
 * @param name the slow class, {@code "BertTokenizer"}; the fast one is called the same and Fast
 * @param source its vocabulary files; {@link Source#JSON} if it only reads tokenizer.json
 * @param specials its default special tokens by role
 * @param slow how the slow class declares special tokens that are given as bare texts
 * @param fast how the fast class declares them
 * @param frame the special tokens around texts
 * @param inputNames names of its model's inputs
 * @param settings the settings that the fast class changes in a tokenizer.json
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

  /** The vocabulary files of a tokenizer without a tokenizer.json. */
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
    /** sentencepiece.bpe.model, with fairseq's ids of XLM-RoBERTa (tokenization_xlm_roberta.py). */
    XLM_ROBERTA,
    /** sentencepiece.bpe.model, with fairseq's ids of CamemBERT (tokenization_camembert.py). */
    CAMEMBERT,
    /** None: the class only reads tokenizer.json. */
    JSON;

    /** The required files. */
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
    /** Only the mask is declared, and includes the space before it. */
    MASK,
    /** The same, and the mask is searched in the normalized text. */
    NORMALIZED_MASK,
    /** All; the mask includes the space before it. */
    ALL,
    /** Only the unknown token is declared, and searched in the normalized text. */
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

  /**
   * The special tokens around texts: the post-processors in Hugging Face's
   * convert_slow_tokenizer.py.
   */
  enum Frame {
    /** {@code [CLS] A [SEP] B [SEP]}, with the tokens of these roles. */
    BERT,
    /** The same, and [CLS] is of type 2. */
    FUNNEL,
    /** The same, but always with the tokens named [CLS] and [SEP]. */
    CLS_SEP,
    /** {@code <s> A </s></s> B </s>}, with the tokens of the roles. */
    ROBERTA,
    /** The same, and B is of type 1 in the fast tokenizer. */
    MPNET,
    /** Like RoBERTa's, but always with the tokens named {@code <s>} and {@code </s>}. */
    FAIRSEQ,
    /** {@code A </s> B </s>}. */
    T5,
    /** Nothing, or the begin token before each text with {@code add_bos_token}. */
    GPT2
  }

  /** A key of tokenizer_config.json that the fast class also sets in its tokenizer.json. */
  enum Setting {
    /** {@code do_lower_case} and {@code strip_accents} in a BertNormalizer. */
    CASE_AND_ACCENTS,
    /** {@code tokenize_chinese_chars} in a BertNormalizer. */
    CHINESE,
    /**
     * {@code add_prefix_space} in a ByteLevel pre-tokenizer ({@code
     * PreTrainedTokenizerFast.__init__}).
     */
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

  /** Whether its slow tokenizer cleans up after decoding by default. */
  boolean cleansUp() {
    return source == Source.WORD_PIECE && !name.equals("RetriBertTokenizer");
  }
}
