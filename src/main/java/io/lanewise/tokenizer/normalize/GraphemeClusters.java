package io.lanewise.tokenizer.normalize;

import java.text.BreakIterator;
import java.text.CharacterIterator;
import java.util.Locale;

/**
 * The extended grapheme clusters of a text (Unicode Standard Annex 29), from left to right.
 *
 * <p>Between most characters there is a boundary whatever stands around them. Only the other
 * stretches (marks, joiners, jamo, flags, emoji) are passed to the JDK.
 */
final class GraphemeClusters {
  private final char[] chars;
  private final int end;
  private BreakIterator breaks;
  private int stretchEnd = -1;

  /** The clusters of the units before {@code end}. */
  GraphemeClusters(char[] chars, int end) {
    this.chars = chars;
    this.end = end;
  }

  /** The end of the cluster that starts at a boundary. Positions must not decrease. */
  int next(int from) {
    if (from >= stretchEnd) {
      int last = stretch(from);
      if (last == from + Character.charCount(Character.codePointAt(chars, from, end))) {
        return last;
      }
      stretchEnd = last;
      if (breaks == null) {
        breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
      }
      breaks.setText(new Stretch(chars, from, last, from));
    }
    return breaks.following(from);
  }

  /** The end of the stretch without certain boundaries. */
  private int stretch(int from) {
    int c = Character.codePointAt(chars, from, end);
    int i = from + Character.charCount(c);
    while (i < end) {
      int next = Character.codePointAt(chars, i, end);
      if (isCertain(c, next)) {
        break;
      }
      c = next;
      i += Character.charCount(c);
    }
    return i;
  }

  private static boolean isCertain(int left, int right) {
    if (right < 0x300) {
      boolean apart = right == '\n' ? left != '\r' : right != 0xAD;
      return apart && !holdsRight(left);
    }
    return !holdsLeft(right) && !holdsRight(left);
  }

  /** Whether the character may belong to the cluster before it. */
  private static boolean holdsLeft(int c) {
    if ((c >= 0x1100 && c <= 0x11FF)
        || (c >= 0xA960 && c <= 0xA97F)
        || (c >= 0xAC00 && c <= 0xD7FF)
        || c == 0x0E33
        || c == 0x0EB3
        || c == 0xFF9E
        || c == 0xFF9F
        || (c >= 0x1F1E6 && c <= 0x1F1FF)
        || (c >= 0x1F3FB && c <= 0x1F3FF)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT ->
          true;
      default -> false;
    };
  }

  /** Whether the following character may belong to its cluster. */
  private static boolean holdsRight(int c) {
    if (c < 0x300) {
      return c == 0xAD;
    }
    return holdsLeft(c)
        || switch (c) {
          case 0x0D4E, 0x111C2, 0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x11F02 ->
              true;
          default -> c >= 0x11A84 && c <= 0x11A89;
        };
  }

  /** A view of the units for the JDK's iterator, without a copy. */
  private static final class Stretch implements CharacterIterator {
    private final char[] chars;
    private final int begin;
    private final int end;
    private int at;

    Stretch(char[] chars, int begin, int end, int at) {
      this.chars = chars;
      this.begin = begin;
      this.end = end;
      this.at = at;
    }

    @Override
    public char current() {
      return at < end ? chars[at] : DONE;
    }

    @Override
    public char first() {
      at = begin;
      return current();
    }

    @Override
    public char last() {
      at = Math.max(begin, end - 1);
      return current();
    }

    @Override
    public char next() {
      at = Math.min(end, at + 1);
      return current();
    }

    @Override
    public char previous() {
      if (at == begin) {
        return DONE;
      }
      at--;
      return current();
    }

    @Override
    public char setIndex(int position) {
      at = position;
      return current();
    }

    @Override
    public int getBeginIndex() {
      return begin;
    }

    @Override
    public int getEndIndex() {
      return end;
    }

    @Override
    public int getIndex() {
      return at;
    }

    @Override
    public Object clone() {
      return new Stretch(chars, begin, end, at);
    }
  }
}
