package io.lanewise.nn.attention;

/** Position scores: what attention adds to a score for the distance between two tokens. */
public sealed interface Distances permits RelativePositions, SinusoidalDistances, LinearBiases {}
