package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import org.jspecify.annotations.Nullable;

/**
 * The learnt vectors of distances that all layers of disentangled attention share, before each
 * layer projects them: Hugging Face's {@code rel_embeddings}. They are needed at load only.
 *
 * @param buckets which vector a distance has
 * @param table [rows of the buckets, hidden]
 * @param keys whether queries meet the keys' vectors, {@code c2p}
 * @param queries whether keys meet the queries' vectors, {@code p2c}
 */
public record DistanceVectors(
    DistanceBuckets buckets, Matrix table, boolean keys, boolean queries) {
  /**
   * Projected as the tokens of the layer are, by the same weights: {@code share_att_key}.
   *
   * @param queryKeyValue [hidden] to [3 * hidden], packed by the same kernels
   * @return null if no side meets them
   */
  public @Nullable DisentangledPositions project(Packing packing, int heads, Linear queryKeyValue) {
    if (!keys && !queries) {
      return null;
    }
    try (var scratch = Packing.scratch()) {
      int hidden = table.columns();
      var all = project(packing, queryKeyValue, scratch); // [rows, 3 * hidden]
      return DisentangledPositions.of(
          packing,
          buckets,
          heads,
          keys ? all.columns(hidden, hidden) : null,
          queries ? all.columns(0, hidden) : null);
    }
  }

  /**
   * Projected by layers of their own.
   *
   * @param keyBias whether the layer of the keys' vectors has a bias
   * @param ofKeys its place; not read if queries do not meet them
   * @param ofQueries the place of the layer of the queries' vectors, with a bias; likewise
   * @return null if no side meets them
   */
  public @Nullable DisentangledPositions project(
      Packing packing, int heads, Weights ofKeys, boolean keyBias, Weights ofQueries) {
    if (!keys && !queries) {
      return null;
    }
    try (var scratch = Packing.scratch()) {
      var passing = new Packing(packing.gemm(), scratch);
      int hidden = table.columns();
      var keyLayer =
          !keys
              ? null
              : keyBias
                  ? Linear.load(passing, hidden, hidden, ofKeys)
                  : Linear.withoutBias(passing, hidden, hidden, ofKeys);
      var queryLayer = queries ? Linear.load(passing, hidden, hidden, ofQueries) : null;
      return DisentangledPositions.of(
          packing,
          buckets,
          heads,
          keys ? project(packing, keyLayer, scratch) : null,
          queries ? project(packing, queryLayer, scratch) : null);
    }
  }

  private Matrix project(Packing packing, Linear layer, Region scratch) {
    var projected = scratch.matrix(table.rows(), layer.outputs());
    packing.gemm().apply(table, layer.packed(), Activation.IDENTITY, projected);
    return projected;
  }
}
