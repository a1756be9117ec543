package io.lanewise.tokenizer.subword;

import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.split.ByteAlphabet;

/**
 * {@code trim_offsets}: removes the spaces at the ends of a token from its range ({@code
 * process_offsets} in pre_tokenizers/byte_level.rs of Hugging Face's tokenizers library).
 *
 * <p>With {@code add_prefix_space}, a leading space of the first token may be the added one, which
 * is not in the text; the range is not trimmed then. This depends on which token is the first, so
 * each window is trimmed separately. An added space has the range of the character after it, so a
 * step is a whole code point of one or two UTF-16 units.
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
   * @param first the index of the window's first token in the text
   * @param at the index of its range in the arrays
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
   * The place {@code count} code points forward.
   *
   * @param source the text's units; null if each place is a code point
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

  /** The place {@code count} code points back; -1 if there are fewer. */
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
