package io.lanewise.nn.attention;

/**
 * Which vector of a table a distance between two tokens has. Short distances have one each; longer
 * ones share them by the logarithm, and the longest count as the last: Hugging Face's {@code
 * make_log_bucket_position} and {@code build_relative_position}.
 *
 * @param span the table has a row for each number from {@code −span} to {@code span − 1}
 * @param buckets distances up to half of it have a vector each, and others share the rest; 0 where
 *     none are shared
 * @param farthest where the logarithm has used up all buckets; not read without buckets
 */
public record DistanceBuckets(int span, int buckets, int farthest) {
  public DistanceBuckets {
    if (span < 1 || span > 1 << 29 || buckets < 0) {
      throw new IllegalArgumentException("span " + span + ", buckets " + buckets);
    }
  }

  /** Distances up to a limit, each with a vector of its own. */
  public static DistanceBuckets each(int limit) {
    return new DistanceBuckets(limit, 0, limit);
  }

  /** Rows of the table. */
  public int rows() {
    return 2 * span;
  }

  /**
   * The row of a distance.
   *
   * @param distance place of the query less place of the key
   * @return from 0 to {@code rows − 1}; never falls while the distance grows
   */
  public int row(int distance) {
    return Math.clamp(bucket(distance) + span, 0, rows() - 1);
  }

  private long bucket(int distance) {
    int middle = buckets / 2;
    int length = Math.abs(distance);
    if (buckets == 0 || length <= middle) {
      return distance;
    }
    double part = Math.log((double) length / middle) / Math.log((farthest - 1.0) / middle);
    long bucket = middle + (long) Math.ceil(part * (middle - 1));
    return distance < 0 ? -bucket : bucket;
  }

  /** The rows of all distances from {@code −reach} to {@code reach}. */
  int[] rowsWithin(int reach) {
    var rows = new int[Math.addExact(Math.multiplyExact(2, reach), 1)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i - reach);
    }
    return rows;
  }
}
