package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;

/**
 * A vocabulary as a double-array trie over UTF-16 units: one table look-up per unit.
 *
 * <p>The next state of {@code s} for a unit with code {@code c} is {@code base[s] + c}, if {@code
 * check} of that place is {@code s}. Units are numbered by frequency, so that children lie close
 * together.
 */
public final class CharTrie {
  public static final int ROOT = 0;

  /** No such state. */
  public static final int DEAD = -1;

  /** {@link #value} of a state where no key ends. */
  public static final int NONE = -1;

  /** The most units of a key: a text with many beginnings of keys takes time proportional to it. */
  static final int LONGEST = 1024;

  private final char[] codes;
  private final int[] base;
  private final int[] check;
  private final int[] values;
  private final int longest;

  CharTrie(char[] codes, int[] base, int[] check, int[] values, int longest) {
    this.codes = codes;
    this.base = base;
    this.check = check;
    this.values = values;
    this.longest = longest;
  }

  /**
   * Builds the trie of some keys.
   *
   * @param keys the keys; null and empty ones are skipped, of equal ones the last counts
   * @param ids the value of each key, not negative
   * @throws TokenizerException if a key is longer than {@link #LONGEST}, or all of them need more
   *     than a quarter of the heap
   */
  public static CharTrie of(String[] keys, int[] ids) {
    for (var key : keys) {
      if (key != null && key.length() > LONGEST) {
        throw new TokenizerException(
            "the vocabulary's piece "
                + key.substring(0, 40)
                + "... has "
                + key.length()
                + " characters, at most "
                + LONGEST
                + " are possible: is the file damaged?");
      }
    }
    return new CharTrieBuilder(keys, ids).build();
  }

  /** The state after a unit, or {@link #DEAD}. */
  public int step(int state, char unit) {
    int code = codes[unit];
    int next = base[state] + code;
    return code != 0 && check[next] == state ? next : DEAD;
  }

  /** The value of the key that ends in a state, or {@link #NONE}. */
  public int value(int state) {
    return values[state];
  }

  /** The number of units of the longest key. */
  int longest() {
    return longest;
  }

  /** The value of a whole key, or {@link #NONE}. */
  int get(CharSequence key) {
    int state = ROOT;
    for (int i = 0; i < key.length() && state != DEAD; i++) {
      state = step(state, key.charAt(i));
    }
    return state == DEAD ? NONE : values[state];
  }

  /** The value of a whole key, or {@link #NONE}. */
  public int get(char[] chars, int from, int to) {
    int state = ROOT;
    for (int i = from; i < to && state != DEAD; i++) {
      state = step(state, chars[i]);
    }
    return state == DEAD ? NONE : values[state];
  }
}
