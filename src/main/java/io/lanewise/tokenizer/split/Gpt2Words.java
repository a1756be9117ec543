package io.lanewise.tokenizer.split;

import io.lanewise.tokenizer.normalize.CodePoints;

/**
 * GPT-2's word splitting ({@code GPT2Tokenizer.pat} in Hugging Face's tokenization_gpt2.py), which
 * is the regular expression
 *
 * <pre>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</pre>
 *
 * as a scanner: it reads each character once, and steps back by at most one space, which belongs to
 * the next word.
 */
public final class Gpt2Words {
  private static final int SPACE = 0;
  private static final int LETTER = 1;
  private static final int NUMBER = 2;
  private static final int OTHER = 3;

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = (byte) classify(c);
    }
  }

  private Gpt2Words() {}

  private static int classify(int c) {
    if (Character.isLetter(c)) {
      return LETTER;
    }
    if (CodePoints.isWhiteSpace(c)) {
      return SPACE;
    }
    return CodePoints.isNumber(c) ? NUMBER : OTHER;
  }

  private static int classAt(char[] chars, int i, int to) {
    char c = chars[i];
    return c < ASCII.length ? ASCII[c] : classify(Character.codePointAt(chars, i, to));
  }

  /** The end of the word that begins at a position before {@code to}. */
  public static int end(char[] chars, int from, int to) {
    char first = chars[from];
    if (first == '\'') {
      int contraction = contraction(chars, from, to);
      if (contraction > 0) {
        return from + contraction;
      }
    }
    int at = first == ' ' && from + 1 < to ? from + 1 : from;
    int kind = classAt(chars, at, to);
    int end = runEnd(chars, at, to, kind);
    if (kind != SPACE) {
      return end;
    }
    // The last space belongs to the next word, unless it is the only one.
    return end == to || end - from == 1 ? end : end - 1;
  }

  private static int runEnd(char[] chars, int from, int to, int kind) {
    int i = from;
    while (i < to) {
      char c = chars[i];
      if (c < ASCII.length) {
        if (ASCII[c] != kind) {
          break;
        }
        i++;
      } else {
        int codePoint = Character.codePointAt(chars, i, to);
        if (classify(codePoint) != kind) {
          break;
        }
        i += Character.charCount(codePoint);
      }
    }
    return i;
  }

  /** The length of 's, 't, 'm, 'd, 're, 've or 'll at an apostrophe; 0 for none. */
  private static int contraction(char[] chars, int at, int to) {
    if (at + 1 >= to) {
      return 0;
    }
    char one = chars[at + 1];
    if (one == 's' || one == 't' || one == 'm' || one == 'd') {
      return 2;
    }
    if (at + 2 >= to) {
      return 0;
    }
    char two = chars[at + 2];
    boolean found = (two == 'e' && (one == 'r' || one == 'v')) || (one == 'l' && two == 'l');
    return found ? 3 : 0;
  }
}
