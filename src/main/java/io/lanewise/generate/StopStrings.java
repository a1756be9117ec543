package io.lanewise.generate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Ends a sequence with the token that completes one of some texts, wherever the borders of its
 * tokens lie.
 *
 * @param texts none of them empty
 * @param decoder the text of ids
 */
record StopStrings(List<String> texts, Function<int[], String> decoder) {
  /**
   * Whether the last token completes one: it is in the text, and was not without that token. The
   * prompt's text counts, so that a stop string may begin in it.
   */
  boolean isReached(int[] tokens) {
    var text = decoder.apply(tokens);
    if (texts.stream().noneMatch(text::contains)) {
      return false;
    }
    var before = decoder.apply(Arrays.copyOf(tokens, tokens.length - 1));
    int same = mismatch(before, text);
    for (var stop : texts) {
      // A text that ends within what has not changed was there before.
      if (text.indexOf(stop, Math.max(0, same - stop.length() + 1)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static int mismatch(String a, String b) {
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at;
  }
}
