package io.lanewise.tokenizer.split;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.files.JsonPart;
import io.lanewise.tokenizer.regex.RegularExpression;
import io.lanewise.tokenizer.regex.RegularExpression.Found;
import io.lanewise.tokenizer.regex.RegularExpression.Refusal;

/**
 * A regular expression of a tokenizer.json as a pattern of a {@link Splitter}.
 *
 * @param where its place in the file, for error messages
 */
public record RegexPattern(RegularExpression expression, String where) implements Splitter.Pattern {

  /**
   * Parses the expression.
   *
   * @throws TokenizerException if it contains an unsupported construct
   */
  public static RegularExpression read(JsonPart part) {
    try {
      return RegularExpression.of(part.text());
    } catch (Refusal e) {
      throw new TokenizerException(
          part.where()
              + ": the regular expression "
              + JsonPart.shortened(part.node())
              + " holds what is not known to this version: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void each(char[] chars, int from, int to, Found found) {
    try {
      expression.each(chars, from, to, found);
    } catch (Refusal e) {
      throw new TokenizerException(
          where + ": the regular expression cannot be applied: " + e.getMessage(), e);
    }
  }

  @Override
  public int end(char[] chars, int at, int to) {
    var end = new int[] {at};
    each(
        chars,
        at,
        to,
        (start, stop) -> {
          if (start == at) {
            end[0] = stop;
          }
        });
    return end[0];
  }
}
