package io.lanewise.task;

import java.util.Objects;

/**
 * A text, or two that are looked at together.
 *
 * @param first the text
 * @param second the other one; null for none
 */
public record TextPair(String first, String second) {
  public TextPair {
    Objects.requireNonNull(first);
  }

  /** One text alone. */
  public static TextPair of(String text) {
    return new TextPair(text, null);
  }

  /** Two texts. */
  public static TextPair of(String first, String second) {
    return new TextPair(first, Objects.requireNonNull(second));
  }
}
