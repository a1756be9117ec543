package io.lanewise.tokenizer.decode;

/**
 * {@link CleanUp} of a text that arrives in parts: characters that could still change are held
 * back. Not thread-safe.
 */
public final class CleanUpStream {
  /** All characters in the rules, besides the space that each begins with. */
  private static final String LOOKED_AT = " .?!,'ntmsvre";

  /** The most characters after the space of a rule. */
  private static final int REACH = 3;

  private final StringBuilder held = new StringBuilder();

  /** The clean text that a part completes. */
  public String add(String part) {
    held.append(part);
    int cut = held.length();
    while (cut > 0 && !isBorder(cut)) {
      cut--;
    }
    String clean = CleanUp.apply(held.substring(0, cut));
    held.delete(0, cut);
    return clean;
  }

  /**
   * Whether no rule can match across this place: the character before it is in no rule, or the last
   * space is too far away.
   */
  private boolean isBorder(int at) {
    if (LOOKED_AT.indexOf(held.charAt(at - 1)) < 0) {
      return true;
    }
    for (int i = at - REACH; i < at; i++) {
      if (i < 0 || held.charAt(i) == ' ') {
        return false;
      }
    }
    return true;
  }

  /** The text that was held back. The stream starts again afterwards. */
  public String finish() {
    String clean = CleanUp.apply(held.toString());
    held.setLength(0);
    return clean;
  }
}
