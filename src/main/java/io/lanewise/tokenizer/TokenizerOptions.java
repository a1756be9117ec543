package io.lanewise.tokenizer;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Options of loading a tokenizer; immutable, with "with" methods.
 *
 * @param flavor which of Hugging Face's two implementations to follow
 * @param flags values that replace keys of tokenizer_config.json; see {@link #withFlag}
 * @param sampling for slow SentencePiece tokenizers: sample segmentations; null for the best one
 * @param symbolsAsPieces see {@link #withSymbolsAsPieces}
 */
public record TokenizerOptions(
    Flavor flavor,
    Map<String, Boolean> flags,
    @Nullable SubwordSampling sampling,
    boolean symbolsAsPieces) {

  /** The options of {@code AutoTokenizer.from_pretrained(folder)} of transformers 4.57. */
  public static final TokenizerOptions DEFAULT =
      new TokenizerOptions(Flavor.AUTO, Map.of(), null, false);

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

  /** Sets {@code sp_model_kwargs}: sample segmentations; null for the best one. */
  public TokenizerOptions withSampling(SubwordSampling newValue) {
    return new TokenizerOptions(flavor, flags, newValue, symbolsAsPieces);
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
