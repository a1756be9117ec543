package io.lanewise.tokenizer.split;

import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.normalize.CrateTables;

/**
 * {@code BertPreTokenizer} (pre_tokenizers/bert.rs): splits at white space, which is removed, and
 * makes each punctuation character a word.
 */
public record BertWords() implements PreTokenizer {
  private static final byte PART = 0;
  private static final byte SPACE = 1;
  private static final byte ALONE = 2;

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = classify(c);
    }
  }

  private static byte classify(int c) {
    if (CodePoints.isWhiteSpace(c)) {
      return SPACE;
    }
    return CrateTables.isPunctuation(c) ? ALONE : PART;
  }

  @Override
  public SplitText apply(SplitText pieces) {
    var text = pieces.text;
    var cut = new SplitText(text);
    char[] chars = text.chars;
    for (int p = 0; p < pieces.count(); p++) {
      int to = pieces.to(p);
      if (pieces.token(p) != SplitText.OPEN) {
        cut.add(pieces.from(p), to, pieces.token(p));
        continue;
      }
      int start = pieces.from(p);
      for (int i = start; i < to; ) {
        char c = chars[i];
        int next = i + 1;
        byte kind;
        if (c < ASCII.length) {
          kind = ASCII[c];
        } else {
          int codePoint = Character.codePointAt(chars, i, to);
          next = i + Character.charCount(codePoint);
          kind = classify(codePoint);
        }
        if (kind != PART) {
          cut.add(start, i);
          if (kind == ALONE) {
            cut.add(i, next);
          }
          start = next;
        }
        i = next;
      }
      cut.add(start, to);
    }
    return cut;
  }
}
