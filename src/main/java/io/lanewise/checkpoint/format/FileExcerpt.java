package io.lanewise.checkpoint.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.JsonExcerpt;

/** Excerpts of a file's content for error messages; see {@link io.lanewise.text.Excerpt}. */
public final class FileExcerpt {
  /** Characters of a value before it is shortened. */
  private static final int LONGEST = 200;

  private FileExcerpt() {}

  public static String of(String text) {
    return io.lanewise.text.Excerpt.of(text);
  }

  /** The value as JSON, shortened. */
  public static String of(JsonNode value) {
    return of(JsonExcerpt.of(value, LONGEST));
  }

  /** The text in double quotes. */
  public static String quoted(String text) {
    return io.lanewise.text.Excerpt.quoted(text);
  }
}
