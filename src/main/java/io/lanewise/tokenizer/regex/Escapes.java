package io.lanewise.tokenizer.regex;

import java.util.function.IntPredicate;

/** Parses escape sequences after the backslash, inside or outside of a class. */
final class Escapes {
  private Escapes() {}

  /** The set of a letter; null if the letter denotes a character. */
  static IntPredicate set(int letter, boolean inClass, Characters in) {
    return switch (letter) {
      case 'w' -> inClass ? Sets::isWordInClass : Sets::isWord;
      case 'W' -> set('w', inClass, in).negate();
      case 's' -> Sets::isSpace;
      case 'S' -> c -> !Sets.isSpace(c);
      case 'd' -> Character::isDigit;
      case 'D' -> c -> !Character.isDigit(c);
      case 'h' -> Sets::isHexDigit;
      case 'H' -> c -> !Sets.isHexDigit(c);
      // Without braces it is the letter p.
      case 'p', 'P' -> in.take('{') ? property(in, letter == 'P', inClass) : null;
      default -> null;
    };
  }

  private static IntPredicate property(Characters in, boolean others, boolean inClass) {
    boolean negated = others ^ in.take('^');
    var name = in.until('}');
    var set =
        Sets.property(name, inClass).orElseThrow(() -> in.refuse("a property \\p{" + name + "}"));
    return negated ? set.negate() : set;
  }

  /** The character that a letter denotes. */
  static int character(int letter, Characters in) {
    return switch (letter) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0b;
      case 'a' -> 0x07;
      case 'e' -> 0x1b;
      case '0' -> in.digits(0, 2, 8);
      case 'x' -> hexadecimal(in);
      case 'u' -> in.digits(4, 4, 16);
      case 'c', 'C', 'M', 'o', 'U', 'X', 'R', 'N', 'O' ->
          throw in.refuse("\\" + Character.toString(letter));
      default -> letter;
    };
  }

  private static int hexadecimal(Characters in) {
    if (!in.take('{')) {
      int c = in.digits(1, 2, 16);
      if (c > 0x7f) {
        throw in.refuse("a byte of a character \\x80 to \\xff");
      }
      return c;
    }
    int c = in.digits(1, 8, 16);
    if (!in.take('}')) {
      throw in.refuse("\\x{ with other than one number");
    }
    return c;
  }
}
