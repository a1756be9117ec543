package io.lanewise.generate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Ends a sequence at the token that completes one of these texts, whatever its tokens are.
 *
 * @param texts none of them empty
 * @param decoder the text of ids
 */
record StopStrings(List<String> texts, Function<int[], String> decoder) {
  /**
   * Whether the last token completes a stop string: the text contains it, but not without that
   * token. The prompt is part of the text, so a stop string may begin in it.
   */
  boolean isReached(int[] tokens) {
    var text = decoder.apply(tokens);
    if (texts.stream().noneMatch(text::contains)) {
      return false;
    }
    var before = decoder.apply(Arrays.copyOf(tokens, tokens.length - 1));
    int same = mismatch(before, text);
    for (var stop : texts) {
      // A match that ends in the unchanged part was there before.
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
