package io.lanewise.tokenizer.regex;

import java.util.function.IntPredicate;

/** A set of characters, with a table for ASCII. */
final class CharacterSet {
  private final long low;
  private final long high;
  private final IntPredicate set;

  CharacterSet(IntPredicate set) {
    this.set = set;
    long lower = 0;
    long upper = 0;
    for (int c = 0; c < 64; c++) {
      lower |= set.test(c) ? 1L << c : 0;
      upper |= set.test(c + 64) ? 1L << c : 0;
    }
    low = lower;
    high = upper;
  }

  boolean contains(int c) {
    if (c < 128) {
      return ((c < 64 ? low : high) >>> c & 1) != 0;
    }
    return set.test(c);
  }
}
