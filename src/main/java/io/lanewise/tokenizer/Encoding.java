package io.lanewise.tokenizer;

import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A text, or a pair, as a model wants it. All arrays have one element a token; they are this
 * object's own and must not be written to.
 *
 * <pre>{@code
 * var text = "Paris is a city.";
 * var encoding = Tokenizer.load(folder).encode(text);
 * for (int i = 0; i < encoding.length(); i++) {
 *   var token = encoding.token(i);
 *   var of = encoding.tokenToChars(i).map(span -> text.substring(span.start(), span.end()));
 *   System.out.println(token + " " + of.orElse("is a special token"));
 * }
 * }</pre>
 */
public final class Encoding {
  /**
   * A stretch of tokens, or of a text.
   *
   * @param start where it begins
   * @param end where it ends, exclusive
   */
  public record Span(int start, int end) {}

  /**
   * A truncated encoding and what it lost, as Hugging Face's slow tokenizers tell it with {@code
   * return_overflowing_tokens}.
   *
   * @param encoding what is left, specials included
   * @param overflowingIds the ids cut off and, beside them, {@code stride} of those that stayed, in
   *     the order of the text; empty where a pair lost from both texts
   * @param truncatedCount how many tokens were too many; 0 or less if nothing was cut off
   */
  public record Truncated(Encoding encoding, int[] overflowingIds, int truncatedCount) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Truncated that
          && encoding.equals(that.encoding)
          && Arrays.equals(overflowingIds, that.overflowingIds)
          && truncatedCount == that.truncatedCount;
    }

    @Override
    public int hashCode() {
      return encoding.hashCode();
    }
  }

  private final int[] ids;
  private final int[] typeIds;
  private final int[] attentionMask;
  private final int[] specialTokensMask;
  private final int[] starts;
  private final int[] ends;
  private final int[] wordIds;
  private final int[] sequenceIds;
  private final Map<Integer, String> surfaces;
  private final Vocabulary vocabulary;

  Encoding(
      int[] ids,
      int[] typeIds,
      int[] attentionMask,
      int[] specialTokensMask,
      int[] starts,
      int[] ends,
      int[] wordIds,
      int[] sequenceIds,
      Map<Integer, String> surfaces,
      Vocabulary vocabulary) {
    this.ids = ids;
    this.typeIds = typeIds;
    this.attentionMask = attentionMask;
    this.specialTokensMask = specialTokensMask;
    this.starts = starts;
    this.ends = ends;
    this.wordIds = wordIds;
    this.sequenceIds = sequenceIds;
    this.surfaces = surfaces;
    this.vocabulary = vocabulary;
  }

  /** Number of tokens, padding included. */
  public int length() {
    return ids.length;
  }

  /** Token ids. */
  public int[] ids() {
    return ids;
  }

  /**
   * 0 for the first text and its special tokens; 1 for the second text if the tokenizer defines it
   * so.
   */
  public int[] typeIds() {
    return typeIds;
  }

  /** 1, or 0 for padding. */
  public int[] attentionMask() {
    return attentionMask;
  }

  /** 1 for tokens added by the template or by padding, 0 for text. */
  public int[] specialTokensMask() {
    return specialTokensMask;
  }

  /** The start of each token in its text, in UTF-16 units; 0 for special tokens. */
  public int[] starts() {
    return starts;
  }

  /** The end of each token in its text, in UTF-16 units, exclusive; 0 for special tokens. */
  public int[] ends() {
    return ends;
  }

  /** The index of the word of each token in its text; -1 for special tokens. */
  public int[] wordIds() {
    return wordIds;
  }

  /** 0 for the first text, 1 for the second text, -1 for special tokens. */
  public int[] sequenceIds() {
    return sequenceIds;
  }

  /** The tokens as in the vocabulary; for an unknown token of a Unigram model its text. */
  public String[] tokens() {
    var tokens = new String[ids.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = token(i);
    }
    return tokens;
  }

  /** The text of one token, as in {@link #tokens()}. */
  public String token(int position) {
    String surface = surfaces.get(position);
    return surface == null ? vocabulary.piece(ids[position]) : surface;
  }

  /** The text of a token if it differs from the vocabulary's; null otherwise. */
  String surface(int position) {
    return surfaces.isEmpty() ? null : surfaces.get(position);
  }

  /**
   * The token that contains a character: {@code BatchEncoding.char_to_token} in Hugging Face's
   * tokenization_utils_base.py.
   *
   * @param position in the unit of {@link #starts}
   * @param sequence 0 for the first text, 1 for the second
   * @return empty for white space and characters that the tokenizer removes
   */
  public OptionalInt charToToken(int position, int sequence) {
    for (int i = 0; i < ids.length; i++) {
      if (sequenceIds[i] == sequence && starts[i] <= position && position < ends[i]) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The characters of a token, in the unit of {@link #starts}; empty for special tokens. */
  public Optional<Span> tokenToChars(int token) {
    return sequenceIds[token] < 0
        ? Optional.empty()
        : Optional.of(new Span(starts[token], ends[token]));
  }

  /** The word of a token, as an index in its text; empty for special tokens. */
  public OptionalInt tokenToWord(int token) {
    return wordIds[token] < 0 ? OptionalInt.empty() : OptionalInt.of(wordIds[token]);
  }

  /** The tokens of a word; empty if it has none. */
  public Optional<Span> wordToTokens(int word, int sequence) {
    int start = -1;
    int end = -1;
    for (int i = 0; i < ids.length; i++) {
      if (sequenceIds[i] == sequence && wordIds[i] == word) {
        start = start < 0 ? i : start;
        end = i + 1;
      }
    }
    return start < 0 ? Optional.empty() : Optional.of(new Span(start, end));
  }

  /** The word that contains a character; empty like {@link #charToToken}. */
  public OptionalInt charToWord(int position, int sequence) {
    var token = charToToken(position, sequence);
    return token.isEmpty() ? token : tokenToWord(token.getAsInt());
  }

  /** The characters of a word, in the unit of {@link #starts}; empty if it has no tokens. */
  public Optional<Span> wordToChars(int word, int sequence) {
    return wordToTokens(word, sequence)
        .map(tokens -> new Span(starts[tokens.start()], ends[tokens.end() - 1]));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoding that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(typeIds, that.typeIds)
        && Arrays.equals(attentionMask, that.attentionMask)
        && Arrays.equals(specialTokensMask, that.specialTokensMask)
        && Arrays.equals(starts, that.starts)
        && Arrays.equals(ends, that.ends)
        && Arrays.equals(wordIds, that.wordIds)
        && Arrays.equals(sequenceIds, that.sequenceIds)
        && surfaces.equals(that.surfaces);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "Encoding" + Arrays.toString(tokens());
  }
}
