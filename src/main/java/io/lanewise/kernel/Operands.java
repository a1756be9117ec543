package io.lanewise.kernel;

import io.lanewise.memory.Matrix;
import java.util.Arrays;
import java.util.Objects;

/**
 * Checks that the sizes of operands fit each other. A view of some columns lies among columns of
 * other data, so the bounds of the memory alone do not protect that data.
 */
public final class Operands {
  private Operands() {}

  /** Throws if two matrices have different sizes. */
  public static void sameSize(Matrix x, Matrix y) {
    if (x.rows() != y.rows() || x.columns() != y.columns()) {
      throw new IllegalArgumentException(
          "[%d, %d] and [%d, %d]".formatted(x.rows(), x.columns(), y.rows(), y.columns()));
    }
  }

  /** Throws if a table, ids and a result do not fit each other. */
  public static void gather(Matrix table, int[] ids, Matrix y) {
    if (ids.length != y.rows() || table.columns() != y.columns()) {
      throw new IllegalArgumentException(
          "%d rows of [%d, %d] into [%d, %d]"
              .formatted(ids.length, table.rows(), table.columns(), y.rows(), y.columns()));
    }
    for (int id : ids) {
      Objects.checkIndex(id, table.rows());
    }
  }

  /** Throws if operands of an attention do not fit each other. */
  public static void attention(Attention.Arguments a, Matrix probabilities, Matrix out) {
    int width = Math.multiplyExact(a.heads(), a.headSize());
    if (a.starts() != null) {
      sequences(a, probabilities, out);
      return;
    }
    int queryRows = queryRows(a, probabilities, Math.multiplyExact(a.batch(), a.queries()));
    long scores = scores(a);
    boolean fits =
        has(a.q(), queryRows, width)
            && has(out, queryRows, width)
            && a.keys() >= 1
            && a.k().fits(a.batch(), a.keys(), width)
            && a.v().fits(a.batch(), a.keys(), width)
            && (a.mask() == null
                || has(a.mask(), a.batch(), a.keys())
                || has(a.mask(), queryRows, a.keys()))
            && (a.positionScores() == null || has(a.positionScores(), scores, a.keys()))
            && (probabilities == null || has(probabilities, scores, a.keys()))
            && (a.headMask() == null || a.headMask().length == a.heads());
    if (!fits) {
      throw new IllegalArgumentException(
          "attention of " + queryRows + " queries and " + a.keys() + " keys: " + a);
    }
  }

  /** Rows of a matrix of scores: as many for a sequence as for the one with the most queries. */
  private static long scores(Attention.Arguments a) {
    return (long) Math.multiplyExact(a.batch(), a.heads()) * a.queries();
  }

  /** Rows of q: all, or the number in {@code queryStarts}; throws if that is impossible. */
  private static int queryRows(Attention.Arguments a, Matrix probabilities, int all) {
    var starts = a.queryStarts();
    if (starts == null) {
      return all;
    }
    boolean fits =
        starts.length == a.batch() + 1
            && starts[0] == 0
            && probabilities == null
            && (a.mask() == null || a.mask().rows() == a.batch());
    for (int b = 0; fits && b < a.batch(); b++) {
      int queries = starts[b + 1] - starts[b];
      fits = queries >= 0 && queries <= a.queries();
    }
    if (!fits) {
      throw new IllegalArgumentException("attention of queries from " + Arrays.toString(starts));
    }
    return starts[starts.length - 1];
  }

  /**
   * Throws if operands of an attention over sequences of different lengths do not fit each other.
   */
  private static void sequences(Attention.Arguments a, Matrix probabilities, Matrix out) {
    int width = Math.multiplyExact(a.heads(), a.headSize());
    var starts = a.starts();
    boolean fits = starts.length == a.batch() + 1 && starts[0] == 0;
    for (int b = 0; fits && b < a.batch(); b++) {
      int tokens = starts[b + 1] - starts[b];
      boolean all = a.queryStarts() == null;
      fits = tokens >= 1 && (tokens <= a.queries() || !all) && tokens <= a.keys();
    }
    int rows = starts[starts.length - 1];
    int queryRows = queryRows(a, probabilities, rows);
    fits =
        fits
            && has(a.q(), queryRows, width)
            && a.k().fits(1, rows, width)
            && a.v().fits(1, rows, width)
            && has(out, queryRows, width)
            && a.mask() == null
            && (a.positionScores() == null || has(a.positionScores(), scores(a), a.keys()))
            && probabilities == null
            && (a.headMask() == null || a.headMask().length == a.heads());
    if (!fits) {
      throw new IllegalArgumentException("attention of sequences from " + Arrays.toString(starts));
    }
  }

  private static boolean has(Matrix matrix, long rows, int columns) {
    return matrix.rows() == rows && matrix.columns() == columns;
  }
}
