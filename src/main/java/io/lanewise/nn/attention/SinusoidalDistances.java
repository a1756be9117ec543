package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.util.Arrays;

/**
 * Relative positions with a fixed vector of sines and cosines for each distance between two tokens
 * (NezhaRelativePositionsEncoding and NezhaSelfAttention in Hugging Face's modeling_nezha.py). The
 * vector is multiplied by the query and added to the score, and it is added to the value of the
 * key's token (Shaw et al. 2018, equations 3 and 4, with the functional vectors of Wei et al. 2019,
 * section 3.1). Distances beyond a limit count as the limit.
 *
 * <p>No vector for each pair of tokens is needed. A query is multiplied by the vector of every
 * distance once, and its scores are selected from the results. The probabilities of a query are
 * first summed by distance, and then multiplied by the vector of every distance once.
 *
 * @param scores [headSize] to [distances], from the limit before the query to the limit behind it
 * @param values [distances] to [headSize]
 * @param farthest the limit, so that there are {@code 2 * farthest + 1} distances
 */
public record SinusoidalDistances(Linear scores, Linear values, int farthest) implements Distances {
  /**
   * Makes the vectors.
   *
   * @param limit the largest distance, at least 0; larger ones count as this one
   * @param longest the longest possible sequence; no vectors are made for distances beyond it
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
   * {@code sin(n · 10000^(−2m/headSize))} at index 2m and the cosine at 2m + 1, where n is the
   * number of the distance; number 0 is a key at the limit before the query. The angle is rounded
   * to single precision at the same places as in NezhaRelativePositionsEncoding of Hugging Face's
   * modeling_nezha.py, with which models were trained: exact angles differ from it in the fifth
   * digit for large distances.
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

  /** Copies the score of each distance to the keys at that distance. */
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
   * Adds {@code Σ probability · vector of the distance} to the weighted sums of the values.
   *
   * @param past as for {@link #scores}
   * @param tokens as for {@link #scores}
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

  /** Sums the probabilities of the keys at each distance. */
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

  /** The first key within the limit before the query; at most the number of keys. */
  private int near(int position, int keys) {
    return Math.clamp((long) position - farthest, 0, keys);
  }

  /** The end of the keys within the limit behind the query. */
  private int far(int position, int keys) {
    return Math.clamp((long) position + farthest + 1, 0, keys);
  }

  /** The index of the distance of the first of these keys. */
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
