package io.lanewise.tokenizer.decode;

/**
 * {@link CleanUp} of a text that comes in parts: what could still change is held back. For one
 * thread.
 */
public final class CleanUpStream {
  /** All that the rules look at besides the space that each begins with. */
  private static final String LOOKED_AT = " .?!,'ntmsvre";

  /** No rule looks at more characters behind its space. */
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
   * Whether no rule can meet both sides: the character before is none that a rule looks at, or too
   * many that are no space lie before.
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

  /** What was held back. The stream begins anew after it. */
  public String finish() {
    String clean = CleanUp.apply(held.toString());
    held.setLength(0);
    return clean;
  }
}
