package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of a batch one after the other, without the padding behind them. Every layer but
 * attention looks at one token at a time and does not care; attention is told where each sequence
 * begins, and gives the bits that it gives with the padding masked.
 *
 * @param length of a sequence with its padding
 * @param starts the first row of each sequence without padding, and behind them the number of rows,
 *     [batch + 1]
 */
public record UnpaddedSequences(int length, int[] starts) {
  /**
   * The sequences that are left without the padding.
   *
   * @param seen [batch * length], 1 for a token, 0 for padding; null if there is none
   * @return null if nothing can be left out: there is no padding, it stands before a token, a
   *     sequence is nothing else, or a token counts in part
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

  /** How many ones stand before zeros; 0 if that is not all. */
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

  /**
   * Leaves the padding out.
   *
   * @param padded [batch * length, features]
   * @param unpadded [rows, features], written
   */
  public void removePadding(Matrix padded, Matrix unpadded) {
    for (int b = 0; b < batch(); b++) {
      int tokens = starts[b + 1] - starts[b];
      unpadded.rows(starts[b], tokens).copyFrom(padded.rows(b * length, tokens));
    }
  }

  /**
   * Puts the sequences back where they were; the rows of padding become zero.
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
