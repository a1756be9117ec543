package io.lanewise.nn.attention;

/** What the distance between two tokens adds to the attention of one to the other. */
public sealed interface Distances permits RelativePositions, SinusoidalDistances, LinearBiases {}
