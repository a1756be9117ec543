package io.lanewise.tokenizer.regex;

/**
 * A regular expression in the syntax of Hugging Face's tokenizers library: Oniguruma's, with Ruby's
 * meaning of {@code ^}, {@code $} and {@code (?m)}. Immutable; safe for any number of threads.
 *
 * <p>Characters are code points; {@code \w}, {@code \s}, {@code \d} and POSIX brackets are
 * Unicode's. Supported are alternatives, repetitions (greedy, reluctant, possessive), groups,
 * atomic groups, look-ahead, look-behind of bounded length, classes with {@code &&}, and the
 * options {@code i}, {@code m} and {@code x}. Everything else is refused.
 */
public final class RegularExpression {
  private final String pattern;
  private final Program program;

  private RegularExpression(String pattern, Program program) {
    this.pattern = pattern;
    this.program = program;
  }

  /**
   * Parses a pattern.
   *
   * @throws Refusal if it is malformed, or contains an unsupported construct
   */
  public static RegularExpression of(String pattern) {
    return new RegularExpression(pattern, Program.of(new Parser(pattern).parse()));
  }

  /** The reason why a pattern cannot be parsed, or not be run on a text. */
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /** Receives matches. */
  @FunctionalInterface
  public interface Found {
    /** A match from a position to another one, which may be the same. */
    void found(int start, int end);
  }

  /**
   * Finds all matches from left to right without overlaps, like {@code find_iter} of the {@code
   * onig} crate: an empty match directly after another match is omitted.
   *
   * @param chars UTF-16; only [from, to) is read
   * @throws Refusal if the work passes a bound that grows with the text's length
   */
  public void each(char[] chars, int from, int to, Found found) {
    new Matcher(program, chars, from, to).each(found);
  }

  /** The text of the pattern. */
  public String pattern() {
    return pattern;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
