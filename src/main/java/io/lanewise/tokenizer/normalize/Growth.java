package io.lanewise.tokenizer.normalize;

import io.lanewise.TokenizerException;

/**
 * The limit for the length of a text in the steps of a tokenizer. No useful step makes 100
 * characters of one, but a chain of replacements could double a text 60 times.
 */
public final class Growth {
  private static final int FACTOR = 100;

  /** The smallest limit, for short texts. */
  private static final int LEAST = 1 << 14;

  private final long most;
  private long length;

  private Growth(long most) {
    this.most = most;
  }

  /** The limit for texts with this total length. */
  public static Growth of(long length) {
    return new Growth(most(length));
  }

  /** The limit for a text of this length. */
  static long most(long length) {
    return length * FACTOR + LEAST;
  }

  /** The same limit for another step, with a count of 0. */
  public Growth again() {
    return new Growth(most);
  }

  /**
   * Adds to the length of the result.
   *
   * @throws TokenizerException if it exceeds the limit
   */
  void add(long count) {
    length += count;
    if (length > most) {
      throw tooMuch(most);
    }
  }

  /** The error for a text that exceeds the limit. */
  static TokenizerException tooMuch(long most) {
    return new TokenizerException(
        "the steps of the tokenizer make a text more than "
            + FACTOR
            + " times longer, over "
            + most
            + " characters: look for replacements in tokenizer.json whose content is longer than"
            + " their pattern, or split the text");
  }
}
