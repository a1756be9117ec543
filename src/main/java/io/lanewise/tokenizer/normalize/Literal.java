package io.lanewise.tokenizer.normalize;

/**
 * A text to search for, in time always proportional to the length of the searched text (Knuth,
 * Morris and Pratt 1977). Immutable.
 */
public final class Literal {
  private final char[] wanted;

  /** For each prefix the length of its longest proper prefix that is also its suffix. */
  private final int[] border;

  /**
   * @param text if empty, it is never found
   */
  public Literal(String text) {
    wanted = text.toCharArray();
    border = new int[wanted.length];
    for (int i = 1, k = 0; i < wanted.length; i++) {
      while (k > 0 && wanted[i] != wanted[k]) {
        k = border[k - 1];
      }
      k += wanted[i] == wanted[k] ? 1 : 0;
      border[i] = k;
    }
  }

  public int length() {
    return wanted.length;
  }

  /** The first occurrence in [from, to); -1 for none. */
  public int find(char[] chars, int from, int to) {
    if (wanted.length == 0) {
      return -1;
    }
    int matched = 0;
    for (int i = from; i < to; i++) {
      char c = chars[i];
      while (matched > 0 && c != wanted[matched]) {
        matched = border[matched - 1];
      }
      matched += c == wanted[matched] ? 1 : 0;
      if (matched == wanted.length) {
        return i + 1 - matched;
      }
    }
    return -1;
  }

  /**
   * The text with all occurrences replaced, from left to right.
   *
   * @param growth limit for the length of all results
   */
  public String replace(String text, String content, Growth growth) {
    char[] chars = text.toCharArray();
    int found = find(chars, 0, chars.length);
    if (found < 0) {
      growth.add(chars.length);
      return text;
    }
    var result = new StringBuilder();
    int done = 0;
    for (; found >= 0; found = find(chars, done, chars.length)) {
      growth.add((long) found - done + content.length());
      result.append(chars, done, found - done).append(content);
      done = found + wanted.length;
    }
    growth.add(chars.length - done);
    return result.append(chars, done, chars.length - done).toString();
  }
}
