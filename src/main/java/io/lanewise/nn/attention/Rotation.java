package io.lanewise.nn.attention;

import io.lanewise.kernel.RotaryTable;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.UnpaddedSequences;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embeddings for the tokens of one call (Su et al. 2021): queries and keys are
 * turned by angles that grow with the position, so that a score depends on the distance alone.
 *
 * @param queries angles of the queries
 * @param keys angles of the keys
 * @param values angles of the values; null where they stay, as almost everywhere
 * @param positions the row of the tables for each token of the call, [batch * tokens]
 */
public record Rotation(
    RotaryTable queries, RotaryTable keys, @Nullable RotaryTable values, int[] positions) {
  /** The same angles for queries and keys. */
  public static Rotation of(RotaryTable table, int[] positions) {
    return new Rotation(table, table, null, positions);
  }

  /**
   * Other angles for the queries alone, such as with a factor that belongs to their sequence.
   *
   * @param newQueries [batch * tokens, pairs], a row for each token of the call
   */
  public Rotation withQueries(Pass pass, RotaryTable newQueries) {
    int rows = positions.length;
    var cosines = pass.matrix(rows, keys.pairs());
    var sines = pass.matrix(rows, keys.pairs());
    pass.backend().rowwise().gather(keys.cosines(), positions, cosines);
    pass.backend().rowwise().gather(keys.sines(), positions, sines);
    var own = new RotaryTable(keys.headSize(), keys.layout(), cosines, sines);
    return new Rotation(newQueries, own, null, IntStream.range(0, rows).toArray());
  }

  /** The same where the padding is left out. */
  Rotation in(UnpaddedSequences packed) {
    var left = new int[packed.rows()];
    for (int b = 0; b < packed.batch(); b++) {
      int first = packed.starts()[b];
      int count = packed.starts()[b + 1] - first;
      System.arraycopy(positions, b * packed.length(), left, first, count);
    }
    return new Rotation(queries, keys, values, left);
  }

  /**
   * Turns what a layer has projected, in place.
   *
   * @param q [batch * tokens, heads * headSize]; k and v likewise
   */
  void apply(Pass pass, Matrix q, Matrix k, Matrix v) {
    pass.backend().rowwise().rotate(q, queries, positions);
    applyToKeys(pass, k, v);
  }

  /**
   * Turns the queries of some tokens, in place.
   *
   * @param q [rows, heads * headSize]
   * @param rows which tokens of the call they are
   */
  void applyToQueries(Pass pass, Matrix q, int[] rows) {
    var picked = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = positions[rows[i]];
    }
    pass.backend().rowwise().rotate(q, queries, picked);
  }

  /** Turns the keys of all tokens, and the values if they are turned too, in place. */
  void applyToKeys(Pass pass, Matrix k, Matrix v) {
    pass.backend().rowwise().rotate(k, keys, positions);
    if (values != null) {
      pass.backend().rowwise().rotate(v, values, positions);
    }
  }
}
