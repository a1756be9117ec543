package io.lanewise.generate;

/**
 * Hears of each token as soon as it is chosen for good. A beam search chooses late, so nobody can
 * listen to one.
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("my-model"), Options.DEFAULT)) {
 *   TokenListener listener =
 *       (input, sequence, token) -> {
 *         System.out.println(token);
 *         return true; // go on
 *       };
 *   var prompt = Inputs.ids(new long[][] {{2, 31, 7}});
 *   Generator.of(model).generate(prompt, listener, () -> false);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface TokenListener {
  /** Listens to nothing, and never has enough. */
  TokenListener NONE = (input, sequence, token) -> true;

  /**
   * A sequence grew. Called by the thread that generates, step after step; what it throws ends the
   * generation and comes out of it.
   *
   * @param input number of the prompt in its batch, from 0
   * @param sequence number of the sequence among those of this input, from 0
   * @param token the id behind the others
   * @return whether to go on: false ends all sequences where they are
   */
  boolean token(int input, int sequence, int token);
}
