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
  /** Ignores all tokens and never ends the generation. */
  TokenListener NONE = (input, sequence, token) -> true;

  /**
   * Receives the next token of a sequence. Called by the generating thread; an exception ends the
   * generation and is thrown to its caller.
   *
   * @param input number of the prompt in its batch, from 0
   * @param sequence number of the sequence among those of this input, from 0
   * @param token the new id
   * @return whether to continue: false ends all sequences
   */
  boolean token(int input, int sequence, int token);
}
