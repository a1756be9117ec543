package io.lanewise.tokenizer.subword;

import io.lanewise.tokenizer.normalize.AlignedText;

/**
 * Splits words into pieces of a vocabulary: the {@code model} of tokenizer.json (models/* in
 * Hugging Face's tokenizers library).
 */
public sealed interface SubwordModel permits Bpe, Unigram, WordLevel, WordPiece {
  /** Scratch memory of one call. */
  interface Scratch {
    /** For models that need no scratch memory. */
    Scratch NONE = new Scratch() {};
  }

  /** New scratch memory for a call. */
  Scratch scratch();

  /**
   * Appends the pieces of one word.
   *
   * @param text the text that holds it
   * @param from the start of the word
   * @param to its end, exclusive
   * @param word the word's index, for the tokens
   */
  void encode(AlignedText text, int from, int to, int word, TokenBuffer tokens, Scratch scratch);

  /** The model's own pieces by id; null for ids without a piece. */
  String[] pieces();
}
