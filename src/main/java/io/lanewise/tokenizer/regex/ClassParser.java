package io.lanewise.tokenizer.regex;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Parses a character class after its opening bracket. */
final class ClassParser {
  private static final int DEEPEST = 50;

  private final Characters in;
  private final boolean ignoreCase;
  private int depth;

  ClassParser(Characters in, boolean ignoreCase) {
    this.in = in;
    this.ignoreCase = ignoreCase;
  }

  IntPredicate parse() {
    if (++depth > DEEPEST) {
      throw in.refuse("classes more than " + DEEPEST + " deep");
    }
    boolean others = in.take('^');
    var all = new ArrayList<IntPredicate>();
    var part = new ArrayList<IntPredicate>();
    boolean first = true;
    while (first || in.peek() != ']') {
      if (in.peek() == '&' && in.second() == '&') {
        in.next();
        in.next();
        all.add(any(part));
        part = new ArrayList<>();
      } else if (first && in.peek() == ']' && !closesLater()) {
        throw in.refuse("an empty class");
      } else {
        part.add(member());
      }
      first = false;
    }
    in.next();
    depth--;
    all.add(any(part));
    var sets = all.toArray(IntPredicate[]::new);
    return c -> {
      for (var set : sets) {
        if (!set.test(c)) {
          return others;
        }
      }
      return !others;
    };
  }

  private IntPredicate any(List<IntPredicate> members) {
    if (members.isEmpty()) {
      throw in.refuse("a class with nothing beside &&");
    }
    var sets = members.toArray(IntPredicate[]::new);
    return c -> {
      for (var set : sets) {
        if (set.test(c)) {
          return true;
        }
      }
      return false;
    };
  }

  private boolean closesLater() {
    for (int i = in.place() + 1; ; i++) {
      if (i >= in.length()) {
        return false;
      }
      if (in.at(i) == ']') {
        return true;
      }
    }
  }

  /** A character, a range, a set or a nested class. */
  private IntPredicate member() {
    int c = in.next();
    if (c == '[') {
      return in.peek() == ':' ? bracket() : parse();
    }
    if (c == '\\') {
      int letter = in.next();
      var set = Escapes.set(letter, true, in);
      if (set != null) {
        if (!in.atEnd() && in.peek() == '-' && in.second() != ']') {
          throw in.refuse("a range that begins with a set");
        }
        return folded(set);
      }
      c = letter == 'b' ? '\b' : Escapes.character(letter, in);
    }
    if (in.peek() != '-' || in.second() == ']') {
      if (ignoreCase) {
        Folding.check(Character.toString(c), in);
      }
      return Folding.set(c, ignoreCase);
    }
    in.next();
    return range(c, end());
  }

  private int end() {
    int c = in.next();
    if (c == '[') {
      throw in.refuse("a range that ends with a class");
    }
    if (c != '\\') {
      return c;
    }
    int letter = in.next();
    if (Escapes.set(letter, true, in) != null) {
      throw in.refuse("a range that ends with a set");
    }
    return letter == 'b' ? '\b' : Escapes.character(letter, in);
  }

  private IntPredicate range(int first, int last) {
    if (first > last) {
      throw in.refuse("a range that ends before it begins");
    }
    return folded(c -> c >= first && c <= last);
  }

  private IntPredicate folded(IntPredicate set) {
    return ignoreCase ? Folding.set(set, in) : set;
  }

  private IntPredicate bracket() {
    in.next();
    boolean others = in.take('^');
    var name = in.until(':');
    var set = Sets.bracket(name).orElseThrow(() -> in.refuse("a bracket [:" + name + ":]"));
    if (!in.take(']')) {
      throw in.refuse("a bracket [: that is not closed");
    }
    return folded(others ? set.negate() : set);
  }
}
