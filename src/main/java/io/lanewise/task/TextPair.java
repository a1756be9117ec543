package io.lanewise.task;

import io.lanewise.task.text.Given;
import org.jspecify.annotations.Nullable;

/**
 * A text, or two that are looked at together.
 *
 * <pre>{@code
 * try (var classifier = TextClassifier.load(Path.of("my-model"))) {
 *   var pair = TextPair.of("It is raining.", "The sun is shining.");
 *   System.out.println(classifier.predict(pair).getFirst().label());
 * }
 * }</pre>
 *
 * @param first the text
 * @param second the other one; null for none
 */
public record TextPair(String first, @Nullable String second) {
  public TextPair {
    Given.text("text", first);
  }

  /** One text alone. */
  public static TextPair of(String text) {
    return new TextPair(text, null);
  }

  /** Two texts. */
  public static TextPair of(String first, String second) {
    return new TextPair(first, Given.text("second text", second));
  }
}
