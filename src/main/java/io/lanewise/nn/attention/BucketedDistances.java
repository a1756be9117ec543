package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import java.util.Arrays;

/**
 * A learnt number for each head and each bucket of distances, added to the scaled scores (Raffel et
 * al. 2020, section 2.1). Small distances have a bucket of their own; larger ones share buckets
 * that widen by the logarithm, and all beyond a limit share the last. Keys behind the query have
 * other buckets than those before it.
 *
 * @param biases [heads][2 * FARTHEST + 1], from FARTHEST before the query to FARTHEST behind it;
 *     distances beyond count as FARTHEST
 */
public record BucketedDistances(float[][] biases) implements Distances {
  /** From here on all distances are in the last bucket. */
  private static final int FARTHEST = 128;

  /** For keys before the query and the query itself; as many again for keys behind it. */
  private static final int BUCKETS = 16;

  /** Distances below it have a bucket each. */
  private static final int EXACT = BUCKETS / 2;

  /**
   * Loads {@code weight} [rows, heads].
   *
   * @param rows more than there are buckets are never looked at; with fewer, only some distances
   *     have one ({@link #longest})
   */
  public static BucketedDistances load(int rows, int heads, Weights at) {
    var biases = new float[heads][2 * FARTHEST + 1];
    var table = at.matrix("weight", rows, heads);
    for (int distance = -FARTHEST; distance <= FARTHEST; distance++) {
      int bucket = bucket(distance);
      for (int head = 0; head < heads; head++) {
        float bias = bucket < rows ? table.get(bucket, head) : Float.NaN; // longest rules it out
        biases[head][FARTHEST + distance] = bias;
      }
    }
    return new BucketedDistances(biases);
  }

  /**
   * The bucket of a distance, by Hugging Face's {@code MPNetEncoder.relative_position_bucket}.
   *
   * @param distance key minus query
   * @return from 0 to 31
   */
  static int bucket(int distance) {
    int first = distance > 0 ? BUCKETS : 0;
    int apart = Math.abs(distance);
    if (apart < EXACT) {
      return first + apart;
    }
    double share = Math.log((double) apart / EXACT) / Math.log((double) FARTHEST / EXACT);
    return first + Math.min(BUCKETS - 1, EXACT + (int) (share * (BUCKETS - EXACT)));
  }

  /** The most tokens of a sequence for which a table of so many rows has all buckets. */
  public static int longest(int rows) {
    int tokens = 1;
    while (tokens <= FARTHEST && bucket(tokens) < rows && bucket(-tokens) < rows) {
      tokens++;
    }
    return tokens > FARTHEST ? Integer.MAX_VALUE : tokens;
  }

  @Override
  public BucketedDistances of(KeptHeads heads) {
    return heads.size() == biases.length
        ? this
        : new BucketedDistances(
            heads.kept().stream().map(head -> biases[head]).toArray(float[][]::new));
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
              var run = unscaled(biases[i % a.heads()], a.scale());
              var row = new float[a.keys()];
              for (int query = 0; query < a.queries(); query++) {
                fill(row, run, past + query % tokens);
                scores.rows(i * a.queries() + query, 1).copyFrom(row, 0);
              }
            });
    return scores;
  }

  /** The scores are scaled with all others; this makes up for it. */
  private static float[] unscaled(float[] biases, float scale) {
    var run = new float[biases.length];
    for (int i = 0; i < run.length; i++) {
      run[i] = biases[i] / scale;
    }
    return run;
  }

  /** A run of neighbours, and the farthest on either side for all keys beyond. */
  private static void fill(float[] row, float[] run, int position) {
    int near = Math.clamp((long) position - FARTHEST, 0, row.length);
    int far = Math.clamp((long) position + FARTHEST + 1, 0, row.length);
    Arrays.fill(row, 0, near, run[0]);
    if (near < far) {
      System.arraycopy(run, FARTHEST + near - position, row, near, far - near);
    }
    Arrays.fill(row, far, row.length, run[2 * FARTHEST]);
  }
}
