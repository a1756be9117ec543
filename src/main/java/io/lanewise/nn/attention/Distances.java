package io.lanewise.nn.attention;

/** What the distance between two tokens adds to the attention of one to the other. */
public sealed interface Distances
    permits RelativePositions, SinusoidalDistances, DisentangledPositions {
  /**
   * Whether it knows sequences of different lengths that lie one after the other, and calls in
   * which only some tokens ask.
   */
  default boolean takesSomeTokens() {
    return false;
  }
}
