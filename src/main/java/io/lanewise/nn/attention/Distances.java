package io.lanewise.nn.attention;

/** Position scores: what attention adds to a score for the distance between two tokens. */
public sealed interface Distances
    permits RelativePositions,
        SinusoidalDistances,
        LinearBiases,
        BucketedDistances,
        DisentangledPositions {
  /**
   * Whether they exist for unpadded sequences, and for calls in which only some tokens are queries.
   */
  default boolean takesSomeTokens() {
    return false;
  }

  /** The same for an attention that has only these heads left. */
  default Distances of(KeptHeads heads) {
    return this;
  }
}
