package io.lanewise.nn.attention;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.Norm;
import io.lanewise.nn.Pass;

/**
 * Normalisation of queries and keys before the scores (Henry et al. 2020), each over its whole
 * width, all heads together.
 */
public record QueryKeyNorm(Norm query, Norm key) {
  /** In place: q [rows, heads * headSize], k likewise. */
  void apply(Pass pass, Matrix q, Matrix k) {
    query.apply(pass, q, q);
    key.apply(pass, k, k);
  }
}
