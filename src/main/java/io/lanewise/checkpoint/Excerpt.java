package io.lanewise.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Shown;

/**
 * Something that a file holds, as an error message may show it: on one line, quoted where it has to
 * be, and not longer than the message can bear.
 */
final class Excerpt {
  private static final int LONGEST = 200;

  private Excerpt() {}

  /** The text with control characters and line breaks escaped, shortened in the middle. */
  static String of(String text) {
    var shown = new StringBuilder(Math.min(text.length(), LONGEST) + 16);
    int kept = text.length() <= LONGEST ? text.length() : LONGEST / 2;
    escape(text, 0, kept, shown);
    if (kept < text.length()) {
      shown.append("\u2026");
      escape(text, text.length() - kept, text.length(), shown);
    }
    return shown.toString();
  }

  /** The value as JSON, likewise. */
  static String of(JsonNode value) {
    return of(Shown.of(value, LONGEST));
  }

  /** The text in double quotes. */
  static String quoted(String text) {
    return '"' + of(text) + '"';
  }

  private static void escape(String text, int from, int to, StringBuilder shown) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int type = Character.getType(c);
      boolean breaksLine =
          type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || type == Character.FORMAT;
      if (Character.isISOControl(c) || breaksLine) {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
  }
}
