package io.lanewise.checkpoint.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.JsonExcerpt;

/** What a file holds, as messages of this room show it; see {@link io.lanewise.text.Excerpt}. */
public final class FileExcerpt {
  /** Characters of a value that are put together before they are shortened. */
  private static final int LONGEST = 200;

  private FileExcerpt() {}

  public static String of(String text) {
    return io.lanewise.text.Excerpt.of(text);
  }

  /** The value as JSON, likewise. */
  public static String of(JsonNode value) {
    return of(JsonExcerpt.of(value, LONGEST));
  }

  /** The text in double quotes. */
  public static String quoted(String text) {
    return io.lanewise.text.Excerpt.quoted(text);
  }
}
