package io.lanewise.tokenizer.regex;

import static java.lang.Character.UnicodeScript;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The named sets of characters of Oniguruma. Its tables and the JDK's have Unicode 16; {@code
 * RegularExpressionTest} compares them.
 */
final class Sets {
  private static final String LATIN_NUMBERS = "\u00b2\u00b3\u00b9\u00bc\u00bd\u00be";

  private static final Map<String, Integer> CATEGORIES =
      Map.ofEntries(
          Map.entry("cn", 1 << Character.UNASSIGNED),
          Map.entry("lu", 1 << Character.UPPERCASE_LETTER),
          Map.entry("ll", 1 << Character.LOWERCASE_LETTER),
          Map.entry("lt", 1 << Character.TITLECASE_LETTER),
          Map.entry("lm", 1 << Character.MODIFIER_LETTER),
          Map.entry("lo", 1 << Character.OTHER_LETTER),
          Map.entry("mn", 1 << Character.NON_SPACING_MARK),
          Map.entry("me", 1 << Character.ENCLOSING_MARK),
          Map.entry("mc", 1 << Character.COMBINING_SPACING_MARK),
          Map.entry("nd", 1 << Character.DECIMAL_DIGIT_NUMBER),
          Map.entry("nl", 1 << Character.LETTER_NUMBER),
          Map.entry("no", 1 << Character.OTHER_NUMBER),
          Map.entry("zs", 1 << Character.SPACE_SEPARATOR),
          Map.entry("zl", 1 << Character.LINE_SEPARATOR),
          Map.entry("zp", 1 << Character.PARAGRAPH_SEPARATOR),
          Map.entry("cc", 1 << Character.CONTROL),
          Map.entry("cf", 1 << Character.FORMAT),
          Map.entry("co", 1 << Character.PRIVATE_USE),
          Map.entry("cs", 1 << Character.SURROGATE),
          Map.entry("pd", 1 << Character.DASH_PUNCTUATION),
          Map.entry("ps", 1 << Character.START_PUNCTUATION),
          Map.entry("pe", 1 << Character.END_PUNCTUATION),
          Map.entry("pc", 1 << Character.CONNECTOR_PUNCTUATION),
          Map.entry("po", 1 << Character.OTHER_PUNCTUATION),
          Map.entry("pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION),
          Map.entry("pf", 1 << Character.FINAL_QUOTE_PUNCTUATION),
          Map.entry("sm", 1 << Character.MATH_SYMBOL),
          Map.entry("sc", 1 << Character.CURRENCY_SYMBOL),
          Map.entry("sk", 1 << Character.MODIFIER_SYMBOL),
          Map.entry("so", 1 << Character.OTHER_SYMBOL));

  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("letter", "l"),
          Map.entry("uppercaseletter", "lu"),
          Map.entry("lowercaseletter", "ll"),
          Map.entry("titlecaseletter", "lt"),
          Map.entry("casedletter", "lc"),
          Map.entry("modifierletter", "lm"),
          Map.entry("otherletter", "lo"),
          Map.entry("mark", "m"),
          Map.entry("combiningmark", "m"),
          Map.entry("nonspacingmark", "mn"),
          Map.entry("spacingmark", "mc"),
          Map.entry("enclosingmark", "me"),
          Map.entry("number", "n"),
          Map.entry("decimalnumber", "nd"),
          Map.entry("letternumber", "nl"),
          Map.entry("othernumber", "no"),
          Map.entry("punctuation", "p"),
          Map.entry("connectorpunctuation", "pc"),
          Map.entry("dashpunctuation", "pd"),
          Map.entry("openpunctuation", "ps"),
          Map.entry("closepunctuation", "pe"),
          Map.entry("initialpunctuation", "pi"),
          Map.entry("finalpunctuation", "pf"),
          Map.entry("otherpunctuation", "po"),
          Map.entry("symbol", "s"),
          Map.entry("mathsymbol", "sm"),
          Map.entry("currencysymbol", "sc"),
          Map.entry("modifiersymbol", "sk"),
          Map.entry("othersymbol", "so"),
          Map.entry("separator", "z"),
          Map.entry("spaceseparator", "zs"),
          Map.entry("lineseparator", "zl"),
          Map.entry("paragraphseparator", "zp"),
          Map.entry("other", "c"),
          Map.entry("control", "cc"),
          Map.entry("format", "cf"),
          Map.entry("privateuse", "co"),
          Map.entry("surrogate", "cs"),
          Map.entry("unassigned", "cn"));

  private Sets() {}

  /**
   * The set of {@code \p{name}}; empty if there is no such name, or it is not supported here.
   *
   * @param inClass whether it is inside of a class
   */
  static Optional<IntPredicate> property(String name, boolean inClass) {
    var plain = name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    if (plain.equals("word") && !inClass) {
      return Optional.of(Sets::isWord);
    }
    return (plain.equals("punct") ? category("p") : bracket(plain))
        .or(() -> other(plain))
        .or(() -> category(LONG_NAMES.getOrDefault(plain, plain)))
        .or(() -> script(name.strip()));
  }

  /** The set of {@code [:name:]}. */
  static Optional<IntPredicate> bracket(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "alnum" -> c -> Character.isAlphabetic(c) || Character.isDigit(c);
          case "alpha" -> Character::isAlphabetic;
          case "ascii" -> c -> c < 0x80;
          case "blank" -> c -> c == '\t' || Character.getType(c) == Character.SPACE_SEPARATOR;
          case "cntrl" -> c -> Character.getType(c) == Character.CONTROL;
          case "digit" -> Character::isDigit;
          case "graph" -> Sets::isGraph;
          case "lower" -> Character::isLowerCase;
          case "print" -> c -> isGraph(c) || Character.getType(c) == Character.SPACE_SEPARATOR;
          case "punct" -> category("p").orElseThrow().or(category("s").orElseThrow());
          case "space" -> Sets::isSpace;
          case "upper" -> Character::isUpperCase;
          case "xdigit" -> Sets::isHexDigit;
          case "word" -> Sets::isWordInClass;
          default -> null;
        });
  }

  private static Optional<IntPredicate> other(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "any" -> c -> true;
          case "assigned" -> c -> Character.getType(c) != Character.UNASSIGNED;
          case "alphabetic" -> Character::isAlphabetic;
          case "uppercase" -> Character::isUpperCase;
          case "lowercase" -> Character::isLowerCase;
          case "whitespace" -> Sets::isSpace;
          case "ideographic" -> Character::isIdeographic;
          case "emoji" -> Character::isEmoji;
          case "emojipresentation" -> Character::isEmojiPresentation;
          case "emojimodifier" -> Character::isEmojiModifier;
          case "emojimodifierbase" -> Character::isEmojiModifierBase;
          case "emojicomponent" -> Character::isEmojiComponent;
          case "extendedpictographic" -> Character::isExtendedPictographic;
          default -> null;
        });
  }

  private static Optional<IntPredicate> category(String name) {
    int types = 0;
    for (var category : CATEGORIES.entrySet()) {
      boolean cased = name.equals("lc") && "lu ll lt".contains(category.getKey());
      boolean inside = name.length() == 1 && category.getKey().startsWith(name);
      if (category.getKey().equals(name) || inside || cased) {
        types |= category.getValue();
      }
    }
    int all = types;
    return all == 0 ? Optional.empty() : Optional.of(c -> (all >>> Character.getType(c) & 1) != 0);
  }

  private static Optional<IntPredicate> script(String name) {
    try {
      var script = UnicodeScript.forName(name.replaceAll("[ -]", "_"));
      return Optional.of(c -> UnicodeScript.of(c) == script);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code \w}, which contains the superscript digits and fractions of Latin-1, but no others. */
  static boolean isWord(int c) {
    if (c < 0x80) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    return Character.isAlphabetic(c)
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.CONNECTOR_PUNCTUATION ->
              true;
          default -> LATIN_NUMBERS.indexOf(c) >= 0;
        };
  }

  /** {@code \w} inside of a class, and {@code [:word:]}, which contain no superscript digits. */
  static boolean isWordInClass(int c) {
    return isWord(c) && LATIN_NUMBERS.indexOf(c) < 0;
  }

  /** {@code \s}: Unicode's White_Space. */
  static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == 0x85
        || switch (Character.getType(c)) {
          case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> false;
        };
  }

  /** {@code \h}. */
  static boolean isHexDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static boolean isGraph(int c) {
    return !isSpace(c)
        && switch (Character.getType(c)) {
          case Character.CONTROL, Character.UNASSIGNED, Character.SURROGATE -> false;
          default -> true;
        };
  }
}
