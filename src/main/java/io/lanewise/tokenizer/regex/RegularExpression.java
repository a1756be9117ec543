package io.lanewise.tokenizer.regex;

/**
 * A regular expression in the syntax that Hugging Face's tokenizers read: Oniguruma's, with Ruby's
 * meaning of {@code ^}, {@code $} and {@code (?m)}. Immutable; safe for any number of threads.
 *
 * <p>Characters are code points; {@code \w}, {@code \s}, {@code \d} and POSIX brackets are
 * Unicode's. There are alternatives, repetitions (greedy, reluctant, possessive), groups, atomic
 * groups, look-ahead, look-behind of bounded length, classes with {@code &&}, and the options
 * {@code i}, {@code m} and {@code x}. What is not known is refused.
 */
public final class RegularExpression {
  private final String pattern;
  private final Program program;

  private RegularExpression(String pattern, Program program) {
    this.pattern = pattern;
    this.program = program;
  }

  /**
   * Reads a pattern.
   *
   * @throws Refusal if it is no regular expression, or holds something that is not known here
   */
  public static RegularExpression of(String pattern) {
    return new RegularExpression(pattern, Program.of(new Parser(pattern).parse()));
  }

  /** Why a pattern is not read, or not run on a text. */
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /** Hears of what is found. */
  @FunctionalInterface
  public interface Found {
    /** A find from a place to another, which may be the same. */
    void found(int start, int end);
  }

  /**
   * Finds all, from left to right, none over another, as the tokenizers' {@code find_iter} does: an
   * empty find is left out right behind another.
   *
   * @param chars UTF-16; only [from, to) is looked at
   * @throws Refusal if the work passes a bound that grows with the text's length
   */
  public void each(char[] chars, int from, int to, Found found) {
    new Matcher(program, chars, from, to).each(found);
  }

  /** The pattern as it was read. */
  public String pattern() {
    return pattern;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
