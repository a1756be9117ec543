package io.lanewise.task;

/** The beginning of a text, for messages. */
final class Excerpt {
  private static final int MOST = 60;

  private Excerpt() {}

  /** At most 60 characters, and a mark where more follow. */
  static String of(String text) {
    if (text.length() <= MOST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MOST - 1)) ? MOST - 1 : MOST;
    return text.substring(0, end) + "…";
  }
}
