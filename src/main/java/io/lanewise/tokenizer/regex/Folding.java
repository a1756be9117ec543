package io.lanewise.tokenizer.regex;

import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Case folding of single letters. Oniguruma also matches one letter with several, such as ß with
 * ss: patterns where that could matter are refused.
 */
final class Folding {
  /** A letter that Oniguruma matches with several; a set with it contains others of this kind. */
  private static final int SHARP_S = 0xdf;

  /** The sequences of letters that Oniguruma matches with one letter. */
  private static final Set<String> SEVERAL =
      Set.of(
          "ss", "ff", "fi", "fl", "st", "i\u0307", "\u02bcn", "j\u030c", "h\u0331", "t\u0308",
          "w\u030a", "y\u030a", "a\u02be");

  private Folding() {}

  private static int fold(int c) {
    if (c == 0x130 || c == 0x131) {
      return c; // they have other cases only in Turkish
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  /** One character, with its other cases if they are to be ignored. */
  static IntPredicate set(int c, boolean ignoreCase) {
    int folded = fold(c);
    boolean cased = Character.toUpperCase(c) != c || Character.toLowerCase(c) != c || folded != c;
    return ignoreCase && cased ? other -> other == c || fold(other) == folded : other -> other == c;
  }

  /** A set with the other cases of its members. */
  static IntPredicate set(IntPredicate set, Characters in) {
    if (set.test(SHARP_S)) {
      throw in.refuse("a class of many letters under (?i)");
    }
    return c ->
        set.test(c)
            || set.test(fold(c))
            || set.test(Character.toUpperCase(c))
            || set.test(Character.toLowerCase(c));
  }

  /** Refuses a literal text with a sequence that Oniguruma matches with one letter. */
  static void check(String literal, Characters in) {
    var text = new StringBuilder();
    literal.codePoints().forEach(c -> text.appendCodePoint(fold(c)));
    boolean several =
        SEVERAL.stream().anyMatch(text.toString()::endsWith)
            || literal.codePoints().anyMatch(Folding::isSeveral);
    if (several) {
      throw in.refuse("letters under (?i) that are also written as one");
    }
  }

  private static boolean isSeveral(int c) {
    var upper = Character.toString(c).toUpperCase(Locale.ROOT);
    return upper.codePointCount(0, upper.length()) > 1 || c == 0x130 || c == 0x1e9e;
  }
}
