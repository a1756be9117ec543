package io.lanewise.generate;

/**
 * Receives each token as soon as it is final. It cannot be used with a beam search, whose tokens
 * are final only at the end.
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
