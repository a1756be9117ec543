package io.lanewise.tokenizer;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Options of loading a tokenizer; immutable, with "with" methods.
 *
 * <pre>{@code
 * var options =
 *     TokenizerOptions.DEFAULT
 *         .withFlavor(TokenizerOptions.Flavor.SLOW)
 *         .withFlag("do_lower_case", false);
 * var tokenizer = Tokenizer.load(folder, options);
 * }</pre>
 *
 * @param flavor which of Hugging Face's two implementations to follow
 * @param flags keys of tokenizer_config.json that are true or false, set here instead; see {@link
 *     #withFlag}
 * @param sampling draw segmentations, for slow SentencePiece tokenizers; empty for the best one
 * @param symbolsAsPieces see {@link #withSymbolsAsPieces}
 */
public record TokenizerOptions(
    Flavor flavor,
    Map<String, Boolean> flags,
    Optional<Sampling> sampling,
    boolean symbolsAsPieces) {

  /** The options of {@code AutoTokenizer.from_pretrained(folder)} of transformers 4.57. */
  public static final TokenizerOptions DEFAULT =
      new TokenizerOptions(Flavor.AUTO, Map.of(), Optional.empty(), false);

  /**
   * The two implementations of each tokenizer in Hugging Face's libraries; they differ in rare
   * cases.
   */
  public enum Flavor {
    /** Fast, as {@code AutoTokenizer} chooses. */
    AUTO,
    /** {@code use_fast=True}: tokenizer.json, or its conversion from the vocabulary files. */
    FAST,
    /** {@code use_fast=False}: the Python classes, from the vocabulary files. */
    SLOW
  }

  /**
   * Subword regularization: draw a segmentation instead of taking the best one ({@code
   * sp_model_kwargs} with {@code enable_sampling}; Kudo, "Subword Regularization", 2018). A
   * segmentation of score s is drawn with a probability proportional to exp(alpha · s).
   *
   * @param nbestSize among how many best segmentations, 2 to 512; negative for all there are
   * @param alpha how much the better ones are preferred, 0 for not at all
   * @param seed the drawings of a text depend on this and on the text alone
   */
  public record Sampling(int nbestSize, double alpha, long seed) {
    private static final int LARGEST = 512;

    /**
     * @throws IllegalArgumentException if nbestSize is 0, 1 or above 512, or alpha is negative or
     *     not a number
     */
    public Sampling {
      if (nbestSize == 0 || nbestSize == 1 || nbestSize > LARGEST) {
        throw new IllegalArgumentException(
            "nbest_size is " + nbestSize + ": give 2 to 512, or -1 for all segmentations");
      }
      if (!(alpha >= 0) || Double.isInfinite(alpha)) {
        throw new IllegalArgumentException("alpha is " + alpha + ": give 0 or more");
      }
    }
  }

  private static final Set<String> KNOWN =
      Set.of(
          "add_prefix_space",
          "clean_up_tokenization_spaces",
          "do_basic_tokenize",
          "do_lower_case",
          "keep_accents",
          "remove_space",
          "strip_accents",
          "tokenize_chinese_chars",
          "trim_offsets");

  /**
   * @throws IllegalArgumentException if a flag's name is unknown
   */
  public TokenizerOptions {
    flags = Map.copyOf(flags);
    for (String name : flags.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "no tokenizer has a flag " + name + "; there are " + new TreeSet<>(KNOWN));
      }
    }
  }

  /** Which of Hugging Face's two implementations to follow. */
  public TokenizerOptions withFlavor(Flavor newValue) {
    return new TokenizerOptions(newValue, flags, sampling, symbolsAsPieces);
  }

  /**
   * Sets a key of tokenizer_config.json, like a keyword argument of {@code from_pretrained}: {@code
   * do_lower_case}, {@code remove_space}, {@code keep_accents}, {@code strip_accents}, {@code
   * tokenize_chinese_chars}, {@code do_basic_tokenize}, {@code add_prefix_space}, {@code
   * trim_offsets} or {@code clean_up_tokenization_spaces}. A tokenizer without such a key ignores
   * it.
   *
   * @throws IllegalArgumentException if the name is none of these
   */
  public TokenizerOptions withFlag(String name, boolean value) {
    var changed = new TreeMap<>(flags);
    changed.put(name, value);
    return new TokenizerOptions(flavor, changed, sampling, symbolsAsPieces);
  }

  /** Sets {@code sp_model_kwargs}: draw segmentations instead of taking the best one. */
  public TokenizerOptions withSampling(Sampling newValue) {
    return new TokenizerOptions(flavor, flags, Optional.of(newValue), symbolsAsPieces);
  }

  /**
   * Whether a fast tokenizer that is converted from a SentencePiece model treats user-defined
   * symbols and control pieces like other pieces. SentencePiece itself does so, models were trained
   * so, and so did transformers up to 4.39. Since 4.40 they are added tokens ({@code
   * SpmConverter.tokenizer} in convert_slow_tokenizer.py), and the text after one begins a new
   * word. Has no effect on slow tokenizers and on tokenizer.json.
   */
  public TokenizerOptions withSymbolsAsPieces(boolean newValue) {
    return new TokenizerOptions(flavor, flags, sampling, newValue);
  }
}
