package io.lanewise.tokenizer;

/** An immutable set of Unicode code points: pages of 256 bits, absent where empty. */
final class CodePoints {
  private static final int PAGES = (Character.MAX_CODE_POINT + 1) >> 8;

  private final long[][] pages = new long[PAGES][];

  private CodePoints() {}

  /** From hexadecimal code points and ranges, {@code "300-36f 483-487 5bf"}. */
  static CodePoints of(String ranges) {
    var set = new CodePoints();
    int at = 0;
    while (at < ranges.length()) {
      int space = ranges.indexOf(' ', at);
      int end = space < 0 ? ranges.length() : space;
      int dash = ranges.indexOf('-', at);
      boolean single = dash < 0 || dash > end;
      int first = Integer.parseInt(ranges, at, single ? end : dash, 16);
      int last = single ? first : Integer.parseInt(ranges, dash + 1, end, 16);
      for (int c = first; c <= last; c++) {
        set.add(c);
      }
      at = end + 1;
    }
    return set;
  }

  private void add(int c) {
    int page = c >> 8;
    if (pages[page] == null) {
      pages[page] = new long[4];
    }
    pages[page][(c >> 6) & 3] |= 1L << c;
  }

  boolean contains(int c) {
    long[] page = pages[c >> 8];
    return page != null && (page[(c >> 6) & 3] & (1L << c)) != 0;
  }

  /**
   * Unicode's White_Space property, which is Rust's {@code char::is_whitespace}. Unlike {@link
   * Character#isWhitespace(int)} it holds U+0085 and the no-break spaces, and not U+001C to U+001F.
   */
  static boolean isWhiteSpace(int c) {
    if (c <= ' ') {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c >= 0x85 && isWideWhiteSpace(c);
  }

  private static boolean isWideWhiteSpace(int c) {
    return switch (c) {
      case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }

  /** Python's {@code str.isspace}: White_Space and the separators U+001C to U+001F. */
  static boolean isPythonSpace(int c) {
    return isWhiteSpace(c) || (c >= 0x1C && c <= 0x1F);
  }

  /** General category M: non-spacing, spacing and enclosing marks. */
  static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
