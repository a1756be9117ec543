package io.lanewise.tokenizer.normalize;

/** An immutable set of Unicode code points: pages of 256 bits, absent where empty. */
public final class CodePoints {
  private static final int PAGES = (Character.MAX_CODE_POINT + 1) >> 8;

  private final long[][] pages = new long[PAGES][];

  private CodePoints() {}

  /** A set of hexadecimal code points and ranges, {@code "300-36f 483-487 5bf"}. */
  public static CodePoints of(String ranges) {
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

  public boolean contains(int c) {
    long[] page = pages[c >> 8];
    return page != null && (page[(c >> 6) & 3] & (1L << c)) != 0;
  }

  /**
   * Unicode's White_Space property, which is Rust's {@code char::is_whitespace}. Unlike {@link
   * Character#isWhitespace(int)} it includes U+0085 and the no-break spaces, but not U+001C to
   * U+001F.
   */
  public static boolean isWhiteSpace(int c) {
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
  public static boolean isPythonSpace(int c) {
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

  /** ASCII characters except letters, digits, spaces and control characters. */
  public static boolean isAsciiPunctuation(int c) {
    return (c >= '!' && c <= '/')
        || (c >= ':' && c <= '@')
        || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
  }

  /** General category P. */
  public static boolean isPunctuation(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** General categories Cc, Cf and Co. */
  public static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
      default -> false;
    };
  }

  /** General category N: decimal digits, letter numbers and others. */
  public static boolean isNumber(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  /** A regular expression's {@code \w}: letters, marks, decimal digits, connectors, joiners. */
  public static boolean isWord(int c) {
    return Character.isAlphabetic(c)
        || isMark(c)
        || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
        || c == 0x200C
        || c == 0x200D;
  }

  /**
   * The blocks of ideographs of {@code tokenize_chinese_chars} (BasicTokenizer._is_chinese_char in
   * Hugging Face's tokenization_bert.py).
   */
  public static boolean isIdeograph(int c) {
    return c >= 0x3400
        && ((c >= 0x4E00 && c <= 0x9FFF)
            || c <= 0x4DBF
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0x20000 && c <= 0x2A6DF)
            || (c >= 0x2A700 && c <= 0x2CEAF)
            || (c >= 0x2F800 && c <= 0x2FA1F));
  }
}
