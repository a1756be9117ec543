package io.lanewise.nn.attention;

/** What the distance between two tokens adds to the attention of one to the other. */
public sealed interface Distances
    permits RelativePositions, SinusoidalDistances, LinearBiases, BucketedDistances {
  /** The same for an attention that has only these heads left. */
  default Distances of(KeptHeads heads) {
    return this;
  }
}
