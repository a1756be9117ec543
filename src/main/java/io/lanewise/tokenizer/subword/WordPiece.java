package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.AlignedText;

/**
 * {@code WordPiece}: repeatedly takes the longest piece of the vocabulary from the start of a word
 * (Schuster and Nakajima, "Japanese and Korean Voice Search", 2012; BERT's variant;
 * models/wordpiece/mod.rs in Hugging Face's tokenizers library, WordpieceTokenizer in
 * tokenization_bert.py). A word that cannot be split like this, or is too long, becomes one unknown
 * token.
 */
public final class WordPiece implements SubwordModel {
  private final String[] pieces;
  private final CharTrie starts;
  private final CharTrie continuations;
  private final String unknownPiece;
  private final int unknown;
  private final int longestWord;
  private final boolean marks;

  /**
   * @param pieces the pieces by id, null for ids without a piece
   * @param unknownPiece the unknown token; an error if it is missing, but only when it is needed
   * @param prefix mark of a piece inside a word, "##"
   * @param longestWord in code points, {@code max_input_chars_per_word}
   */
  public WordPiece(String[] pieces, String unknownPiece, String prefix, int longestWord) {
    this.pieces = pieces;
    this.unknownPiece = unknownPiece;
    this.longestWord = longestWord;
    this.marks = !prefix.isEmpty();
    var ids = new int[pieces.length];
    var inside = new String[pieces.length];
    for (int id = 0; id < pieces.length; id++) {
      ids[id] = id;
      if (pieces[id] != null && pieces[id].startsWith(prefix)) {
        inside[id] = pieces[id].substring(prefix.length());
      }
    }
    this.starts = CharTrie.of(pieces, ids);
    this.continuations = CharTrie.of(inside, ids);
    this.unknown = starts.get(unknownPiece);
  }

  private WordPiece(WordPiece other, int unknown) {
    this.pieces = other.pieces;
    this.starts = other.starts;
    this.continuations = other.continuations;
    this.unknownPiece = other.unknownPiece;
    this.unknown = unknown;
    this.longestWord = other.longestWord;
    this.marks = other.marks;
  }

  /** The same model with an added unknown token, which has another id. */
  public WordPiece withUnknownId(int id) {
    return id < 0 || id == unknown ? this : new WordPiece(this, id);
  }

  /** Whether pieces inside a word begin with a mark. */
  public boolean marksPiecesInsideWords() {
    return marks;
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
    char[] chars = text.chars;
    if (to - from > longestWord && Character.codePointCount(chars, from, to - from) > longestWord) {
      addUnknown(text, from, to, word, tokens);
      return;
    }
    int before = tokens.count;
    var trie = starts;
    for (int at = from; at < to; ) {
      int state = CharTrie.ROOT;
      int end = at;
      int id = CharTrie.NONE;
      for (int i = at; i < to; ) {
        state = trie.step(state, chars[i]);
        if (state == CharTrie.DEAD) {
          break;
        }
        i++;
        int value = trie.value(state);
        if (value != CharTrie.NONE) {
          id = value;
          end = i;
        }
      }
      if (id == CharTrie.NONE) {
        tokens.count = before;
        addUnknown(text, from, to, word, tokens);
        return;
      }
      tokens.add(id, text.starts[at], text.ends[end - 1], word);
      at = end;
      trie = continuations;
    }
  }

  private void addUnknown(AlignedText text, int from, int to, int word, TokenBuffer tokens) {
    if (unknown == CharTrie.NONE) {
      throw new TokenizerException(
          "the word "
              + text.substring(from, Math.min(to, from + 40))
              + " cannot be cut into pieces, and the vocabulary has no unknown token "
              + unknownPiece);
    }
    tokens.add(unknown, text.starts[from], text.ends[to - 1], word);
  }
}
