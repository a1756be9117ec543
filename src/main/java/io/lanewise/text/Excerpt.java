package io.lanewise.text;

/**
 * Something that a file or a user holds, as a message may show it: visible, on one line, and not
 * longer than the message can bear.
 */
public final class Excerpt {
  private static final int LONGEST = 200;

  private Excerpt() {}

  /** The visible text, shortened in the middle to about 200 characters. */
  public static String of(String text) {
    return of(text, LONGEST);
  }

  /**
   * The same with about {@code longest} characters.
   *
   * @param longest remaining characters, at least 2; a character that is written as an escape
   *     counts as one
   */
  public static String of(String text, int longest) {
    if (text.length() <= longest) {
      return Visible.of(text);
    }
    int head = whole(text, longest / 2);
    int tail = whole(text, text.length() - longest / 2);
    var shown = new StringBuilder(longest + 16);
    Visible.append(text, 0, head, shown);
    shown.append('…');
    Visible.append(text, tail, text.length(), shown);
    return shown.toString();
  }

  /** The beginning of a text, about {@code longest} characters. */
  public static String beginning(String text, int longest) {
    if (text.length() <= longest) {
      return Visible.of(text);
    }
    var shown = new StringBuilder(longest + 16);
    Visible.append(text, 0, whole(text, longest), shown);
    return shown.append('…').toString();
  }

  /** The visible text in double quotes. */
  public static String quoted(String text) {
    return '"' + of(text) + '"';
  }

  /** The place, or the one before it if it would split a surrogate pair. */
  private static int whole(String text, int at) {
    boolean parts =
        at > 0
            && at < text.length()
            && Character.isHighSurrogate(text.charAt(at - 1))
            && Character.isLowSurrogate(text.charAt(at));
    return parts ? at - 1 : at;
  }
}
