package io.lanewise.tokenizer.normalize;

import io.lanewise.TokenizerException;

/**
 * How long a text may become on its way through the steps of a tokenizer. No step that anybody
 * needs makes 100 characters of one; a chain of replacements could double a text 60 times.
 */
public final class Growth {
  private static final int FACTOR = 100;

  /** What any text may become, however short. */
  private static final int LEAST = 1 << 14;

  private final long most;
  private long length;

  private Growth(long most) {
    this.most = most;
  }

  /** Of texts that have this length together. */
  public static Growth of(long length) {
    return new Growth(most(length));
  }

  /** The longest that a text of this length may become. */
  static long most(long length) {
    return length * FACTOR + LEAST;
  }

  /** The same for another step, which begins with nothing. */
  public Growth again() {
    return new Growth(most);
  }

  /**
   * Counts more of the result.
   *
   * @throws TokenizerException if that is too much
   */
  void add(long count) {
    length += count;
    if (length > most) {
      throw tooMuch(most);
    }
  }

  /** The error for a text that would become longer than this. */
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
