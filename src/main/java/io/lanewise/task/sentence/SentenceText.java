package io.lanewise.task.sentence;

import java.util.Locale;

/** Texts as sentence-transformers gives them to the tokenizer. */
public final class SentenceText {
  private SentenceText() {}

  /** Without white space at both ends, as Python's {@code str.strip}. */
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (from < to && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Python's {@code str.isspace}: Java's, the spaces that do not break, and U+0085. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /** Lower case by Unicode's full mapping, as Python's {@code str.lower}. */
  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
