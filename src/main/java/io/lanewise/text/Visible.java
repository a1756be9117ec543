package io.lanewise.text;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * Text with everything that cannot be seen written out, so that it stays on its line, does nothing
 * to a terminal, and looks like no other text.
 *
 * <p>Written out are control characters (C0, DEL, C1 with NEL), line and paragraph separators,
 * format characters (directions, zero width, tags), the other code points that Unicode calls
 * default ignorable, and halves of surrogate pairs: {@code \n}, {@code \r}, {@code \t}, otherwise
 * {@code \}{@code u} with four digits, or <code>&#92;u{…}</code> with more.
 *
 * <p>Some of them are needed to write: joiners between letters of scripts that join, or between
 * pictures; selectors of a variant behind what has one; Arabic signs that enclose numbers. Those
 * stay, in such a place only.
 */
public final class Visible {
  private static final int JOINER = 0x200D;
  private static final int NON_JOINER = 0x200C;

  /** Scripts whose letters nobody joins: there a joiner can only hide. */
  private static final Set<UnicodeScript> WITHOUT_JOINERS =
      Set.of(UnicodeScript.LATIN, UnicodeScript.GREEK, UnicodeScript.CYRILLIC);

  private Visible() {}

  /** The visible text; the same one if all of it can be seen. */
  public static String of(String text) {
    int at = 0;
    while (at < text.length() && isSeen(text, at)) {
      at += Character.charCount(text.codePointAt(at));
    }
    if (at == text.length()) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16).append(text, 0, at);
    append(text, at, text.length(), shown);
    return shown.toString();
  }

  /** Adds a part of a text, visible. */
  static void append(String text, int from, int to, StringBuilder shown) {
    for (int at = from; at < to; ) {
      int point = text.codePointAt(at);
      if (isSeen(text, at)) {
        shown.appendCodePoint(point);
      } else {
        shown.append(written(point));
      }
      at += Character.charCount(point);
    }
  }

  private static String written(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          point < Character.MIN_SUPPLEMENTARY_CODE_POINT
              ? "\\u%04x".formatted(point)
              : "\\u{%x}".formatted(point);
    };
  }

  private static boolean isSeen(String text, int at) {
    int point = text.codePointAt(at);
    if (point == JOINER || point == NON_JOINER) {
      int next = at + 1;
      return at > 0
          && next < text.length()
          && joins(text.codePointBefore(at))
          && joins(text.codePointAt(next));
    }
    if (isVariationSelector(point)) {
      return at > 0 && hasVariants(text.codePointBefore(at), point);
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      case Character.FORMAT -> isEnclosing(point);
      default -> !isIgnorable(point);
    };
  }

  /** Whether a joiner beside it may have a meaning. */
  private static boolean joins(int point) {
    return switch (Character.getType(point)) {
      case Character.OTHER_LETTER,
          Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.OTHER_SYMBOL,
          Character.MODIFIER_SYMBOL ->
          point > 0x7F && !isIgnorable(point) && !WITHOUT_JOINERS.contains(UnicodeScript.of(point));
      default -> false;
    };
  }

  private static boolean isVariationSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F)
        || (point >= 0xE0100 && point <= 0xE01EF)
        || (point >= 0x180B && point <= 0x180D)
        || point == 0x180F;
  }

  /** Ideographs have all of them; symbols, digits and letters of some scripts the first sixteen. */
  private static boolean hasVariants(int point, int selector) {
    if (isVariationSelector(point) || isIgnorable(point)) {
      return false;
    }
    if (selector >= 0xE0100) {
      return Character.isIdeographic(point);
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> UnicodeScript.of(point) != UnicodeScript.LATIN;
    };
  }

  /** Format characters that are seen: Arabic, Syriac and Kaithi signs around what follows. */
  private static boolean isEnclosing(int point) {
    return (point >= 0x0600 && point <= 0x0605)
        || point == 0x06DD
        || point == 0x070F
        || point == 0x0890
        || point == 0x0891
        || point == 0x08E2
        || point == 0x110BD
        || point == 0x110CD;
  }

  /** Code points that Unicode calls default ignorable and gives no type of their own. */
  private static boolean isIgnorable(int point) {
    return point == 0x034F
        || point == 0x115F
        || point == 0x1160
        || point == 0x17B4
        || point == 0x17B5
        || point == 0x2065
        || point == 0x2800 // empty Braille, not ignorable but as empty
        || point == 0x3164
        || point == 0xFFA0
        || (point >= 0xFFF0 && point <= 0xFFF8)
        || (point >= 0xE0000 && point <= 0xE0FFF && !isVariationSelector(point));
  }
}
