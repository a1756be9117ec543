package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;

/** Numbers the words in a sequence of SentencePiece's pieces: a word begins at each mark. */
final class MarkedWords {
  private static final char MARK = SentencePiece.SPACE_MARK;

  private int next;
  private boolean open;

  /** The word number of a piece. */
  int of(boolean begins) {
    if (begins || !open) {
      next++;
      open = true;
    }
    return next - 1;
  }

  /** The word number of an added token, which is a separate word. */
  int ofToken() {
    open = false;
    return next++;
  }

  /** Gives each mark the range of the character after it, as in fast tokenizers. */
  static void align(AlignedText normal) {
    for (int i = normal.length - 2; i >= 0; i--) {
      if (normal.chars[i] == MARK) {
        normal.starts[i] = normal.starts[i + 1];
        normal.ends[i] = normal.ends[i + 1];
      }
    }
  }
}
