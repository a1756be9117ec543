package io.lanewise.tokenizer.regex;

import io.lanewise.tokenizer.regex.RegularExpression.Refusal;

/** Reads the characters of a pattern one by one. */
final class Characters {
  private static final int LONGEST = 20_000;

  private final int[] pattern;
  private int place;

  Characters(String pattern) {
    this.pattern = pattern.codePoints().toArray();
    if (this.pattern.length > LONGEST) {
      throw new Refusal("it is longer than " + LONGEST + " characters");
    }
  }

  int length() {
    return pattern.length;
  }

  boolean atEnd() {
    return place == pattern.length;
  }

  int place() {
    return place;
  }

  void back(int to) {
    place = to;
  }

  int at(int i) {
    return pattern[i];
  }

  /** The next character, without consuming it. */
  int peek() {
    if (atEnd()) {
      throw refuse("an end where more is expected");
    }
    return pattern[place];
  }

  /** The character after the next; -1 for none. */
  int second() {
    return place + 1 < pattern.length ? pattern[place + 1] : -1;
  }

  /** Consumes the next character. */
  int next() {
    if (atEnd()) {
      throw refuse("an end where more is expected");
    }
    return pattern[place++];
  }

  /** Consumes the next character if it is this one. */
  boolean take(int c) {
    boolean there = !atEnd() && pattern[place] == c;
    place += there ? 1 : 0;
    return there;
  }

  /** A whole number; -1 for none. */
  int number() {
    int number = -1;
    while (!atEnd() && pattern[place] >= '0' && pattern[place] <= '9') {
      number = Math.max(number, 0) * 10 + pattern[place++] - '0';
      if (number > 100_000) {
        throw refuse("a repetition of more than 100000 times");
      }
    }
    return number;
  }

  /** A number of hexadecimal or octal digits. */
  int digits(int least, int most, int radix) {
    int number = 0;
    int count = 0;
    while (count < most
        && !atEnd()
        && Character.digit(pattern[place], radix) >= 0
        && pattern[place] < 128) {
      number = number * radix + Character.digit(pattern[place++], radix);
      count++;
    }
    if (count < least || number > Character.MAX_CODE_POINT) {
      throw refuse("a number of a character that is none");
    }
    return number;
  }

  /** The text up to a character, which is also consumed. */
  String until(int end) {
    var text = new StringBuilder();
    for (int c = next(); c != end; c = next()) {
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  Refusal refuse(String what) {
    return new Refusal(what + " at character " + place);
  }
}
