package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Position scores from a learned vector for each distance between two tokens: {@code
 * position_embedding_type} {@code relative_key} (Shaw et al. 2018, equation 5) and {@code
 * relative_key_query} (Huang et al. 2020, method 4), as in BertSelfAttention of Hugging Face's
 * modeling_bert.py.
 *
 * <p>Every query is multiplied by the vectors of all distances, one matrix product per head; the
 * scores of a query are then consecutive numbers in its row.
 *
 * @param falling vectors from the largest distance (query far behind key) to the smallest
 * @param rising the same in the other order, for the keys; null for {@code relative_key}
 * @param maxTokens distances lie between {@code 1 − maxTokens} and {@code maxTokens − 1}
 */
public record RelativePositions(Linear falling, Linear rising, int maxTokens) implements Distances {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * Loads {@code weight} [2 * maxTokens − 1, headSize].
   *
   * @param keys whether the vectors are multiplied by the keys, too ({@code relative_key_query})
   * @param factor multiplies the vectors; attention scales position scores by 1/√headSize, and a
   *     family that adds them after the scaling compensates that here
   */
  public static RelativePositions load(
      Packing packing, boolean keys, int maxTokens, int headSize, float factor, Weights at) {
    try (var scratch = Packing.scratch()) {
      int distances = Math.subtractExact(Math.multiplyExact(2, maxTokens), 1);
      var table = at.borrow("weight", distances, headSize, scratch);
      var falling = scratch.matrix(distances, headSize);
      var rising = scratch.matrix(distances, headSize);
      for (int i = 0; i < distances; i++) {
        var row = table.rows(i, 1).toArray(); // the vector of distance i - (maxTokens - 1)
        for (int j = 0; j < headSize; j++) {
          row[j] *= factor;
        }
        rising.rows(i, 1).copyFrom(row, 0);
        falling.rows(distances - 1 - i, 1).copyFrom(row, 0);
      }
      at.release(table);
      var noBias = scratch.floats(distances);
      return new RelativePositions(
          Linear.of(packing, falling, noBias),
          keys ? Linear.of(packing, rising, noBias) : null,
          maxTokens);
    }
  }

  /**
   * The scores to add before the scaling, [batch * heads * queries, keys], in scratch memory.
   *
   * @param past the position of the first query of a sequence; keys start at 0
   * @param tokens queries of one sequence; positions start again after this number
   */
  Matrix scores(Pass pass, Attention.Arguments a, int past, int tokens) {
    int rows = Math.multiplyExact(a.batch(), a.heads());
    var scores = pass.matrix(Math.multiplyExact(rows, a.queries()), a.keys());
    try (var _ = pass.frame()) {
      var ofQueries = pass.matrix(a.q().rows(), falling.outputs()); // [batch * queries, distances]
      int keys = Math.multiplyExact(a.batch(), a.keys());
      var ofKeys = rising == null ? null : pass.matrix(keys, rising.outputs());
      var k = rising == null ? null : pass.matrix(keys, a.headSize());
      for (int head = 0; head < a.heads(); head++) {
        int from = head * a.headSize();
        falling.apply(pass, a.q().columns(from, a.headSize()), Activation.IDENTITY, ofQueries);
        copyQueries(pass, a, ofQueries, head, past, tokens, scores);
        if (rising != null) {
          a.k().columns(from, a.headSize()).gather(a.batch(), a.keys(), k);
          rising.apply(pass, k, Activation.IDENTITY, ofKeys);
          addKeys(pass, a, ofKeys, head, past, tokens, scores);
        }
      }
    }
    return scores;
  }

  /**
   * Copies the scores of queries: in the row of a query at position i, those for keys 0, 1, 2 …
   * start at {@code maxTokens - 1 - i}.
   */
  private void copyQueries(
      Pass pass, Attention.Arguments a, Matrix all, int head, int past, int tokens, Matrix scores) {
    pass.backend()
        .workers()
        .run(
            a.batch(),
            b -> {
              for (int i = 0; i < a.queries(); i++) {
                int first = maxTokens - 1 - past - i % tokens;
                var from = all.rows(b * a.queries() + i, 1).columns(first, a.keys());
                scores.rows((b * a.heads() + head) * a.queries() + i, 1).copyFrom(from);
              }
            });
  }

  /**
   * Adds the scores of keys: in the row of key j, those for queries at positions 0, 1, 2 … start at
   * {@code maxTokens - 1 - j}.
   */
  private void addKeys(
      Pass pass, Attention.Arguments a, Matrix all, int head, int past, int tokens, Matrix scores) {
    pass.backend()
        .workers()
        .run(
            a.batch(),
            b -> {
              var sums = scores.rows((b * a.heads() + head) * a.queries(), a.queries());
              var square = sums.toArray(); // [queries, keys]
              var column = new float[tokens];
              for (int j = 0; j < a.keys(); j++) {
                MemorySegment.copy(
                    all.data(),
                    FLOAT,
                    all.offset(b * a.keys() + j) + (maxTokens - 1L - j + past) * Float.BYTES,
                    column,
                    0,
                    tokens);
                for (int i = 0; i < a.queries(); i++) {
                  square[i * a.keys() + j] += column[i % tokens];
                }
              }
              sums.copyFrom(square, 0);
            });
  }
}
