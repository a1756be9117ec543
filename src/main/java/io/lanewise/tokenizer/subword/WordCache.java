package io.lanewise.tokenizer.subword;

import java.util.Arrays;

/**
 * Words seen lately and what they became. Of fixed size: each word has one place, and the last one
 * to come stays there. Safe for threads without locks: entries are immutable and published by final
 * fields, so that a reader sees a whole entry or none, and a lost one is only made again.
 */
final class WordCache {
  /** Longer words are not kept. */
  static final int LONGEST = 48;

  private static final int SIZE = 1 << 14;

  private final Entry[] entries = new Entry[SIZE];

  /**
   * A word and its pieces.
   *
   * @param word the characters
   * @param ids the pieces' ids
   * @param begins where each piece begins in the word
   * @param ends where it ends, exclusive
   */
  record Entry(char[] word, int[] ids, int[] begins, int[] ends) {}

  /** A number that is the same for equal words, for {@link #get} and {@link #put}. */
  static int hash(char[] chars, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ chars[i]) * 0x9E3779B1;
    }
    return hash ^ hash >>> 15;
  }

  /** The word's entry, or null. */
  Entry get(char[] chars, int from, int to, int hash) {
    var entry = entries[hash & (SIZE - 1)];
    return entry != null && Arrays.equals(entry.word, 0, entry.word.length, chars, from, to)
        ? entry
        : null;
  }

  void put(Entry entry, int hash) {
    entries[hash & (SIZE - 1)] = entry;
  }
}
