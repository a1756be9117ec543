package io.lanewise.text;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * Text with escapes for all invisible characters, so that it stays on one line, cannot control a
 * terminal, and cannot look like another text.
 *
 * <p>Escaped are control characters (C0, DEL, C1 with NEL), line and paragraph separators, format
 * characters (directions, zero width, tags), the other code points that Unicode calls default
 * ignorable, and halves of surrogate pairs: {@code \n}, {@code \r}, {@code \t}, otherwise {@code
 * \}{@code u} with four digits, or <code>&#92;u{…}</code> with more.
 *
 * <p>Some of these characters are part of ordinary text: joiners between letters of joining scripts
 * or between pictures, variation selectors after characters with variants, and Arabic signs that
 * enclose numbers. They are kept, but only at such places.
 */
public final class Visible {
  private static final int JOINER = 0x200D;
  private static final int NON_JOINER = 0x200C;

  /** Scripts without joined letters: a joiner has no visible effect there. */
  private static final Set<UnicodeScript> WITHOUT_JOINERS =
      Set.of(UnicodeScript.LATIN, UnicodeScript.GREEK, UnicodeScript.CYRILLIC);

  private Visible() {}

  /** The visible text; the same object if all characters are visible. */
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

  /** Appends a part of a text, with escapes. */
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

  /** Whether a joiner beside this character may have a meaning. */
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

  /**
   * Whether a character has variants with this selector: ideographs with all selectors; symbols,
   * digits and letters of some scripts with the first sixteen.
   */
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

  /**
   * Visible format characters: Arabic, Syriac and Kaithi signs that enclose the following
   * characters.
   */
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

  /** Default ignorable code points of Unicode without a type of their own. */
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
