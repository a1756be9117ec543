package io.lanewise.checkpoint;

/** What a file holds, as messages of this room show it; see {@link io.lanewise.text.Excerpt}. */
final class Excerpt {
  private Excerpt() {}

  static String of(String text) {
    return io.lanewise.text.Excerpt.of(text);
  }

  /** The text in double quotes. */
  static String quoted(String text) {
    return io.lanewise.text.Excerpt.quoted(text);
  }
}
