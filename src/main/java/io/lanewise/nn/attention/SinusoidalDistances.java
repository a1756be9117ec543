package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.util.Arrays;

/**
 * A fixed vector for each distance between two tokens, made of sines and cosines instead of learnt:
 * it is multiplied with the query for a score, and what a token takes from another is its value
 * plus the vector (Shaw et al. 2018, equations 3 and 4, with the functional vectors of Wei et al.
 * 2019, section 3.1). Distances beyond a limit count as the limit.
 *
 * <p>Neither side needs a vector for each pair. The query meets every distance once, and its scores
 * are picked from the results; the probabilities of a query are first summed by distance, and then
 * meet every distance once.
 *
 * @param scores [headSize] to [distances], from the limit before the query to the limit behind it
 * @param values [distances] to [headSize]
 * @param farthest the limit, so that there are {@code 2 * farthest + 1} distances
 */
public record SinusoidalDistances(Linear scores, Linear values, int farthest) implements Distances {
  /**
   * Makes the vectors.
   *
   * @param limit distances beyond it count as it; at least 0
   * @param longest sequence there will be, so that no vectors are made for distances beyond it
   */
  public static SinusoidalDistances of(Packing packing, int limit, int longest, int headSize) {
    int farthest = Math.min(limit, longest - 1);
    int distances = Math.addExact(Math.multiplyExact(2, farthest), 1);
    try (var scratch = Packing.scratch()) {
      var table = scratch.matrix(distances, headSize);
      var turned = scratch.matrix(headSize, distances);
      var vector = new float[headSize];
      for (int row = 0; row < distances; row++) {
        for (int i = 0; i < headSize; i++) {
          vector[i] = wave(limit - farthest + row, i, headSize);
          turned.set(i, row, vector[i]);
        }
        table.rows(row, 1).copyFrom(vector, 0);
      }
      return new SinusoidalDistances(
          Linear.of(packing, table, scratch.floats(distances)),
          Linear.of(packing, turned, scratch.floats(headSize)),
          farthest);
    }
  }

  /**
   * {@code sin(n · 10000^(−2m/headSize))} at index 2m and the cosine at 2m + 1, where n counts
   * distances from 0 for the one from the limit before the query. The angle is rounded to single
   * precision at the same places as in Hugging Face's implementation, which models were trained
   * with: exact angles differ from it in the fifth digit when distances are large.
   */
  private static float wave(int n, int index, int headSize) {
    float exponent = (index & ~1) * (float) (-Math.log(10000.0) / headSize);
    float angle = n * (float) Math.exp(exponent);
    return (float) (index % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
  }

  /**
   * The scores to add before the scaling, [batch * heads * queries, keys], in scratch memory.
   *
   * @param past the position of the first query of a sequence; keys start at 0
   * @param tokens queries of one sequence; positions start anew after so many
   */
  Matrix scores(Pass pass, Attention.Arguments a, int past, int tokens) {
    int rows = Math.multiplyExact(Math.multiplyExact(a.batch(), a.heads()), a.queries());
    var result = pass.matrix(rows, a.keys()); // [batch * heads * queries, keys]
    try (var _ = pass.frame()) {
      var all = pass.matrix(a.q().rows(), scores.outputs()); // [batch * queries, distances]
      for (int h = 0; h < a.heads(); h++) {
        int head = h;
        scores.apply(pass, a.q().columns(head * a.headSize(), a.headSize()), all);
        pass.backend().workers().run(a.batch(), b -> spread(a, b, head, past, tokens, all, result));
      }
    }
    return result;
  }

  /** From a score for each distance to a score for each key. */
  private void spread(
      Attention.Arguments a, int b, int head, int past, int tokens, Matrix all, Matrix result) {
    var row = new float[a.keys()];
    for (int i = 0; i < a.queries(); i++) {
      var distances = all.rows(b * a.queries() + i, 1).toArray();
      int position = past + i % tokens;
      int near = near(position, a.keys());
      int far = far(position, a.keys());
      Arrays.fill(row, 0, near, distances[0]);
      System.arraycopy(distances, first(position), row, near, far - near);
      Arrays.fill(row, far, row.length, distances[2 * farthest]);
      result.rows((b * a.heads() + head) * a.queries() + i, 1).copyFrom(row, 0);
    }
  }

  /**
   * Adds to what the values gave: {@code Σ probability · vector of the distance}.
   *
   * @param past as for {@link #scores}
   * @param tokens likewise
   * @param probabilities [batch * heads * queries, keys]
   * @param context [batch * queries, heads * headSize], written
   */
  void addValues(
      Pass pass,
      Attention.Arguments a,
      int past,
      int tokens,
      Matrix probabilities,
      Matrix context) {
    try (var _ = pass.frame()) {
      var sums = pass.matrix(context.rows(), scores.outputs()); // [batch * queries, distances]
      var vectors = pass.matrix(context.rows(), a.headSize()); // [batch * queries, headSize]
      for (int h = 0; h < a.heads(); h++) {
        int head = h;
        pass.backend()
            .workers()
            .run(a.batch(), b -> gather(a, b, head, past, tokens, probabilities, sums));
        values.apply(pass, sums, vectors);
        pass.backend().rowwise().add(vectors, context.columns(head * a.headSize(), a.headSize()));
      }
    }
  }

  /** From a probability for each key to a probability for each distance. */
  private void gather(
      Attention.Arguments a,
      int b,
      int head,
      int past,
      int tokens,
      Matrix probabilities,
      Matrix sums) {
    var distances = new float[2 * farthest + 1];
    for (int i = 0; i < a.queries(); i++) {
      var row = probabilities.rows((b * a.heads() + head) * a.queries() + i, 1).toArray();
      int position = past + i % tokens;
      int near = near(position, row.length);
      int far = far(position, row.length);
      Arrays.fill(distances, 0);
      System.arraycopy(row, near, distances, first(position), far - near);
      distances[0] += sum(row, 0, near);
      distances[2 * farthest] += sum(row, far, row.length);
      sums.rows(b * a.queries() + i, 1).copyFrom(distances, 0);
    }
  }

  /** The first key that is not farther before the query than the limit; no more than all keys. */
  private int near(int position, int keys) {
    return Math.clamp((long) position - farthest, 0, keys);
  }

  /** The end of the keys that are not farther behind the query than the limit. */
  private int far(int position, int keys) {
    return Math.clamp((long) position + farthest + 1, 0, keys);
  }

  /** The distance of the first of these keys, as an index. */
  private int first(int position) {
    return Math.max(0, farthest - position);
  }

  private static float sum(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return (float) sum;
  }
}
