package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The merges of byte pair encoding: from a pair of piece ids to its rank and the id of both
 * together. One open-addressing table of primitive keys; immutable once built.
 */
public final class Merges {
  /** {@link #get} of a pair that is not merged: larger than every rank. */
  static final long NONE = Long.MAX_VALUE;

  private static final long EMPTY = -1;

  private final long[] keys;
  private final long[] values;
  private final int shift;

  private Merges(int count) {
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(count));
    keys = new long[1 << bits];
    values = new long[1 << bits];
    shift = 64 - bits;
    Arrays.fill(keys, EMPTY);
  }

  /** A merge: two pieces that become one. */
  public record Pair(String left, String right) {}

  /**
   * @param pairs by rank; of equal ones the last counts
   * @param ids the vocabulary
   * @param prefix mark of a piece inside a word, removed from the right piece
   * @param where the file, for errors
   * @throws TokenizerException if a piece of a merge, or its result, is not in the vocabulary
   */
  static Merges of(List<Pair> pairs, Map<String, Integer> ids, String prefix, String where) {
    var merges = new Merges(pairs.size());
    for (int rank = 0; rank < pairs.size(); rank++) {
      var pair = pairs.get(rank);
      String tail =
          pair.right().startsWith(prefix) ? pair.right().substring(prefix.length()) : pair.right();
      int left = id(ids, pair.left(), pair, rank, where);
      int right = id(ids, pair.right(), pair, rank, where);
      int both = id(ids, pair.left() + tail, pair, rank, where);
      merges.put(key(left, right), (long) rank << 32 | both);
    }
    return merges;
  }

  private static int id(Map<String, Integer> ids, String piece, Pair pair, int rank, String where) {
    Integer id = ids.get(piece);
    if (id == null) {
      throw new TokenizerException(
          where
              + ": merge "
              + rank
              + " (\""
              + pair.left()
              + "\" \""
              + pair.right()
              + "\") needs the piece \""
              + piece
              + "\", which is not in the vocabulary: the two files do not belong together");
    }
    return id;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  private int slot(long key) {
    // Fibonacci hashing: a multiple of the golden ratio spreads consecutive ids over the table.
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
  }

  private void put(long key, long value) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  /** The rank of a pair in the upper half, the id of both in the lower; {@link #NONE} if none. */
  long get(int left, int right) {
    long key = key(left, right);
    int mask = keys.length - 1;
    for (int slot = slot(key); ; slot = (slot + 1) & mask) {
      long found = keys[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == EMPTY) {
        return NONE;
      }
    }
  }
}
