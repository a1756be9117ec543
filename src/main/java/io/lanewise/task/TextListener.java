package io.lanewise.task;

/**
 * Hears a text as it comes into being.
 *
 * <pre>{@code
 * TextListener listener =
 *     piece -> {
 *       System.out.print(piece);
 *       return true; // go on
 *     };
 * try (var generator = TextGenerator.load(Path.of("my-model"))) {
 *   generator.stream("Once upon a time", listener);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TextListener {
  /**
   * The text goes on. The pieces together are the whole text.
   *
   * @param piece never empty
   * @return whether to go on: false ends the text here, though a piece that was held back until
   *     then may follow
   */
  boolean piece(String piece);
}
