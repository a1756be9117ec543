package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The unpadded sequences of a batch: one after the other, without padding between them. All layers
 * but attention compute each token separately. Attention gets the start of each sequence, and its
 * results have the same bits as with the padding masked.
 *
 * @param length of a sequence with its padding
 * @param starts the first row of each sequence without padding, then the number of rows, [batch +
 *     1]
 */
public record UnpaddedSequences(int length, int[] starts) {
  /**
   * The sequences of a padded batch.
   *
   * @param seen the attention mask, [batch * length], 1 for a token, 0 for padding; null if there
   *     is no padding
   * @return null if the padding cannot be removed: there is none, there is padding before a token,
   *     a sequence has only padding, or the mask has other numbers
   */
  public static UnpaddedSequences of(float @Nullable [] seen, int batch, int length) {
    if (seen == null) {
      return null;
    }
    var starts = new int[batch + 1];
    for (int b = 0; b < batch; b++) {
      int tokens = tokens(seen, b * length, length);
      if (tokens == 0) {
        return null;
      }
      starts[b + 1] = starts[b] + tokens;
    }
    return starts[batch] == seen.length ? null : new UnpaddedSequences(length, starts);
  }

  /** The number of ones before the zeros; 0 if there is anything else. */
  private static int tokens(float[] seen, int from, int length) {
    int tokens = 0;
    while (tokens < length && seen[from + tokens] == 1) {
      tokens++;
    }
    for (int i = tokens; i < length; i++) {
      if (seen[from + i] != 0) {
        return 0;
      }
    }
    return tokens;
  }

  /** Sequences. */
  public int batch() {
    return starts.length - 1;
  }

  /** Tokens of all sequences. */
  public int rows() {
    return starts[batch()];
  }

  /** Tokens of the longest sequence. */
  public int longest() {
    int longest = 0;
    for (int b = 0; b < batch(); b++) {
      longest = Math.max(longest, starts[b + 1] - starts[b]);
    }
    return longest;
  }

  /** The row of each token in the padded batch, [rows]. */
  public int[] paddedRows() {
    var padded = new int[rows()];
    for (int b = 0; b < batch(); b++) {
      for (int row = starts[b]; row < starts[b + 1]; row++) {
        padded[row] = b * length + row - starts[b];
      }
    }
    return padded;
  }

  /**
   * Copies the rows back to their places in the padded batch; the rows of padding become zero.
   *
   * @param unpadded [rows, features]
   * @param padded [batch * length, features], written
   */
  public void restorePadding(Matrix unpadded, Matrix padded) {
    var zeros = new float[padded.columns()];
    for (int b = 0; b < batch(); b++) {
      int tokens = starts[b + 1] - starts[b];
      padded.rows(b * length, tokens).copyFrom(unpadded.rows(starts[b], tokens));
      for (int i = tokens; i < length; i++) {
        padded.rows(b * length + i, 1).copyFrom(zeros, 0);
      }
    }
  }
}
