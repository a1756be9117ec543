package io.lanewise.tokenizer.subword;

import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.split.ByteAlphabet;

/**
 * {@code trim_offsets}: takes the spaces at the ends of a token out of its range.
 *
 * <p>Under {@code add_prefix_space} one leading space of the first token may be the one that was
 * put there, which is not in the text: then the range stays. It hangs on which token is the first,
 * so a window over the tokens is trimmed on its own. A space that was put in has the range of the
 * character behind it, so a step is a whole code point, be it one UTF-16 unit or two.
 */
public final class OffsetTrim {
  private final boolean addPrefixSpace;
  private final int[] leading;
  private final int[] trailing;

  public OffsetTrim(boolean addPrefixSpace, Vocabulary vocabulary) {
    this.addPrefixSpace = addPrefixSpace;
    this.leading = new int[vocabulary.size()];
    this.trailing = new int[vocabulary.size()];
    for (int id = 0; id < leading.length; id++) {
      String piece = vocabulary.piece(id);
      if (piece != null) {
        leading[id] = leading(piece);
        trailing[id] = trailing(piece);
      }
    }
  }

  private static boolean isSpace(char c) {
    return c == ByteAlphabet.SPACE || CodePoints.isWhiteSpace(c);
  }

  private static int leading(String piece) {
    int i = 0;
    while (i < piece.length() && isSpace(piece.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int trailing(String piece) {
    int i = piece.length();
    while (i > 0 && isSpace(piece.charAt(i - 1))) {
      i--;
    }
    return piece.length() - i;
  }

  /**
   * Trims the ranges of one window, in place.
   *
   * @param first the window's first token among the text's
   * @param at where its range stands in the arrays
   */
  void apply(TokenBuffer tokens, int first, int count, int[] starts, int[] ends, int at) {
    for (int i = 0; i < count; i++) {
      String surface = tokens.surface(first + i);
      int id = tokens.ids[first + i];
      int before = surface == null ? leading[id] : leading(surface);
      int behind = surface == null ? trailing[id] : trailing(surface);
      int start = starts[at + i];
      int end = ends[at + i];
      if (before > 0 && !(before == 1 && addPrefixSpace && (i == 0 || start == 0))) {
        start = Math.min(forward(tokens.source(first + i), start, before), end);
        starts[at + i] = start;
      }
      if (behind > 0) {
        int trimmed = backward(tokens.source(first + i), end, behind);
        if (trimmed >= 0) {
          ends[at + i] = Math.max(trimmed, start);
        }
      }
    }
  }

  /**
   * The place so many code points on.
   *
   * @param source the text's units, null where each place is a code point
   */
  private static int forward(char[] source, int from, int count) {
    if (source == null) {
      return from + count;
    }
    int at = from;
    for (int i = 0; i < count && at < source.length; i++) {
      at += Character.charCount(Character.codePointAt(source, at));
    }
    return at;
  }

  /** The place so many code points back, -1 if there are not as many. */
  private static int backward(char[] source, int from, int count) {
    if (source == null) {
      return from - count;
    }
    int at = from;
    for (int i = 0; i < count; i++) {
      if (at == 0) {
        return -1;
      }
      at -= Character.charCount(Character.codePointBefore(source, at));
    }
    return at;
  }
}
