package io.lanewise.tokenizer.subword;

import java.util.Arrays;

/**
 * A cache of recent words and their pieces. It has a fixed size: each word has one place, and the
 * latest word replaces an older one. Thread-safe without locks: entries are immutable and published
 * by final fields, so a reader sees a complete entry or none, and a lost entry is computed again.
 */
final class WordCache {
  /** The longest word in the cache. */
  static final int LONGEST = 48;

  private static final int SIZE = 1 << 14;

  private final Entry[] entries = new Entry[SIZE];

  /**
   * A word and its pieces.
   *
   * @param word the characters
   * @param ids the pieces' ids
   * @param begins start of each piece in the word
   * @param ends end of each piece, exclusive
   */
  record Entry(char[] word, int[] ids, int[] begins, int[] ends) {}

  /** The hash of a word, for {@link #get} and {@link #put}. */
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
