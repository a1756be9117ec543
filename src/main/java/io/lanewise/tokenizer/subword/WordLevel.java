package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.AlignedText;

/**
 * {@code WordLevel} (models/wordlevel/mod.rs in Hugging Face's tokenizers library): a word is in
 * the vocabulary as a whole, or unknown.
 */
public final class WordLevel implements SubwordModel {
  private final String[] pieces;
  private final CharTrie trie;
  private final String unknownPiece;
  private final int unknown;

  /**
   * @param pieces the pieces by id, null for ids without a piece
   * @param unknownPiece the unknown token; an error if it is missing, but only when it is needed
   */
  public WordLevel(String[] pieces, String unknownPiece) {
    this.pieces = pieces;
    this.unknownPiece = unknownPiece;
    var ids = new int[pieces.length];
    for (int id = 0; id < pieces.length; id++) {
      ids[id] = id;
    }
    this.trie = CharTrie.of(pieces, ids);
    this.unknown = trie.get(unknownPiece);
  }

  @Override
  public Scratch scratch() {
    return Scratch.NONE;
  }

  @Override
  public String[] pieces() {
    return pieces;
  }

  @Override
  public void encode(
      AlignedText text, int from, int to, int word, TokenBuffer tokens, Scratch scratch) {
    int id = trie.get(text.chars, from, to);
    if (id == CharTrie.NONE) {
      id = unknown;
    }
    if (id == CharTrie.NONE) {
      throw new TokenizerException(
          "the word "
              + text.substring(from, Math.min(to, from + 40))
              + " is not in the vocabulary, which has no unknown token "
              + unknownPiece);
    }
    tokens.add(id, text.starts[from], text.ends[to - 1], word);
  }
}
