package io.lanewise.generate;

/**
 * Hears of each token as soon as it is chosen for good. A beam search chooses late, so nobody can
 * listen to one.
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
