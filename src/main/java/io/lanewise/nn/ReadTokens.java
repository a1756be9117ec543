package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a batch whose states of the last layer are needed. For other tokens the last layer
 * computes only keys and values.
 *
 * @param rows row numbers in the states [batch * tokens], sequence by sequence
 * @param starts for each sequence the index of its first token in {@code rows}, then the length of
 *     {@code rows}, [batch + 1]
 */
public record ReadTokens(int[] rows, int[] starts) {
  /** The first token of each sequence. */
  public static ReadTokens first(int batch, int tokens) {
    var rows = new int[batch];
    var starts = new int[batch + 1];
    for (int b = 0; b < batch; b++) {
      rows[b] = b * tokens;
      starts[b + 1] = b + 1;
    }
    return new ReadTokens(rows, starts);
  }

  /**
   * Tokens at these positions.
   *
   * @param positions of each sequence, from 0 to {@code tokens - 1}
   * @param tokens of a sequence
   */
  public static ReadTokens at(int[][] positions, int tokens) {
    var starts = new int[positions.length + 1];
    for (int b = 0; b < positions.length; b++) {
      starts[b + 1] = starts[b] + positions[b].length;
    }
    var rows = new int[starts[positions.length]];
    for (int b = 0; b < positions.length; b++) {
      for (int i = 0; i < positions[b].length; i++) {
        rows[starts[b] + i] = b * tokens + positions[b][i];
      }
    }
    return new ReadTokens(rows, starts);
  }

  /** Number of tokens. */
  public int count() {
    return rows.length;
  }

  /** Whether these are all rows of so many, in their order. */
  public boolean isAll(int count) {
    boolean all = rows.length == count;
    for (int i = 0; all && i < count; i++) {
      all = rows[i] == i;
    }
    return all;
  }

  /** The largest number of tokens of one sequence. */
  public int most() {
    int most = 0;
    for (int b = 0; b + 1 < starts.length; b++) {
      most = Math.max(most, starts[b + 1] - starts[b]);
    }
    return most;
  }

  /** The same tokens in unpadded sequences; null if one of them is padding. */
  public @Nullable ReadTokens in(UnpaddedSequences sequences) {
    var moved = new int[rows.length];
    for (int b = 0; b < sequences.batch(); b++) {
      for (int i = starts[b]; i < starts[b + 1]; i++) {
        moved[i] = rows[i] - b * sequences.length() + sequences.starts()[b];
        if (moved[i] >= sequences.starts()[b + 1]) {
          return null;
        }
      }
    }
    return new ReadTokens(moved, starts);
  }

  /**
   * Copies the states of these tokens.
   *
   * @param x [batch * tokens, features]
   * @return [count, features], in scratch memory
   */
  public Matrix of(Pass pass, Matrix x) {
    var read = pass.matrix(count(), x.columns());
    pass.backend().rowwise().gather(x, rows, read);
    return read;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadTokens(var otherRows, var otherStarts)
        && Arrays.equals(rows, otherRows)
        && Arrays.equals(starts, otherStarts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rows) + Arrays.hashCode(starts);
  }

  @Override
  public String toString() {
    return "tokens " + Arrays.toString(rows);
  }
}
