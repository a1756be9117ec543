package io.lanewise.tokenizer.subword;

import io.lanewise.tokenizer.normalize.AlignedText;

/** Cuts words into pieces of a vocabulary: the {@code model} of tokenizer.json. */
public sealed interface SubwordModel permits Bpe, Unigram, WordLevel, WordPiece {
  /** Room to work in, of one call. */
  interface Scratch {
    /** For models that need no room. */
    Scratch NONE = new Scratch() {};
  }

  /** New room for a call. */
  Scratch scratch();

  /**
   * Appends the pieces of one word.
   *
   * @param text the text that holds it
   * @param from where the word begins
   * @param to where it ends, exclusive
   * @param word the word's index, for the tokens
   */
  void encode(AlignedText text, int from, int to, int word, TokenBuffer tokens, Scratch scratch);

  /** The model's own pieces by id, null where an id has none. */
  String[] pieces();
}
