package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;

/**
 * Attention with linear biases (Press et al. 2022, ALiBi) as encoders have it: a score falls by
 * {@code slope · |distance|}, with a slope for each head, to both sides alike.
 *
 * @param slopes [heads]
 */
public record LinearBiases(float[] slopes) implements Distances {
  /**
   * The slopes of the paper's reference code: a geometric sequence for a power of two, {@code
   * 2^(-8(k+1)/heads)}; for other counts those of the power of two below, and then every second one
   * of the power of two above.
   */
  public static LinearBiases of(int heads) {
    var slopes = new float[heads];
    int below = Integer.highestOneBit(heads);
    for (int head = 0; head < heads; head++) {
      double exponent =
          head < below ? -8.0 * (head + 1) / below : -8.0 * (2 * (head - below) + 1) / (2 * below);
      slopes[head] = (float) Math.pow(2, exponent);
    }
    return new LinearBiases(slopes);
  }

  /**
   * The scores to add before the scaling, [batch * heads * queries, keys], in scratch memory.
   *
   * @param past the position of the first query of a sequence; keys start at 0
   * @param tokens queries of one sequence; positions start anew after so many
   */
  Matrix scores(Pass pass, Attention.Arguments a, int past, int tokens) {
    int rows = Math.multiplyExact(a.batch(), a.heads());
    var scores = pass.matrix(Math.multiplyExact(rows, a.queries()), a.keys());
    pass.backend()
        .workers()
        .run(
            rows,
            i -> {
              float slope = slopes[i % a.heads()] / a.scale();
              var row = new float[a.keys()];
              for (int query = 0; query < a.queries(); query++) {
                int position = past + query % tokens;
                for (int key = 0; key < row.length; key++) {
                  row[key] = -slope * Math.abs(position - key);
                }
                scores.rows(i * a.queries() + query, 1).copyFrom(row, 0);
              }
            });
    return scores;
  }
}
