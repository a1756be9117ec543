package io.lanewise.tokenizer.regex;

import io.lanewise.tokenizer.regex.Node.Alternatives;
import io.lanewise.tokenizer.regex.Node.Atomic;
import io.lanewise.tokenizer.regex.Node.Look;
import io.lanewise.tokenizer.regex.Node.One;
import io.lanewise.tokenizer.regex.Node.Place;
import io.lanewise.tokenizer.regex.Node.Repeat;
import io.lanewise.tokenizer.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Parses the syntax of Oniguruma ({@code regparse.c}) with Ruby's settings; its details were tested
 * with the real library.
 */
final class Parser {
  private static final int DEEPEST = 100;
  private static final int MOST_TIMES = 1000;
  private static final int MOST_REPETITIONS = 20;
  private static final int LONGEST_LOOK_BEHIND = 255;

  private final Characters in;
  private boolean ignoreCase;
  private boolean dotAll;
  private boolean extended;
  private int depth;

  Parser(String pattern) {
    in = new Characters(pattern);
  }

  Node parse() {
    var node = alternatives();
    if (!in.atEnd()) {
      throw in.refuse("a closing parenthesis without an opening one");
    }
    return node;
  }

  private Node alternatives() {
    if (++depth > DEEPEST) {
      throw in.refuse("groups more than " + DEEPEST + " deep");
    }
    boolean outerCase = ignoreCase;
    boolean outerDot = dotAll;
    boolean outerExtended = extended;
    var parts = new ArrayList<Node>();
    do {
      parts.add(sequence());
    } while (in.take('|'));
    ignoreCase = outerCase;
    dotAll = outerDot;
    extended = outerExtended;
    depth--;
    return parts.size() == 1 ? parts.getFirst() : new Alternatives(parts);
  }

  private Node sequence() {
    var parts = new ArrayList<Node>();
    var literal = new StringBuilder();
    while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
      if (extended && skipsBlank()) {
        continue;
      }
      int before = in.peek();
      var atom = atom();
      if (atom == null) {
        continue; // a comment, or options for what follows
      }
      boolean single = atom instanceof One;
      if (ignoreCase && single && before != '[' && before != '\\' && before != '.') {
        Folding.check(literal.appendCodePoint(before).toString(), in);
      } else {
        literal.setLength(0);
      }
      var repeated = repeated(atom);
      if (repeated != atom) {
        literal.setLength(0);
      }
      parts.add(repeated);
    }
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private boolean skipsBlank() {
    if (in.peek() == '#') {
      while (!in.atEnd() && in.next() != '\n') {
        // a comment
      }
      return true;
    }
    if (in.peek() == ' ' || (in.peek() >= '\t' && in.peek() <= '\r')) {
      in.next();
      return true;
    }
    return false;
  }

  private Node atom() {
    int c = in.next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new One(new ClassParser(in, ignoreCase).parse());
      case '\\' -> escape();
      case '.' -> new One(dotAll ? _ -> true : other -> other != '\n');
      case '^' -> Place.LINE_START;
      case '$' -> Place.LINE_END;
      case '*', '+', '?' -> throw in.refuse("a repetition of nothing");
      default -> new One(Folding.set(c, ignoreCase));
    };
  }

  private Node group() {
    if (!in.take('?')) {
      return closed(alternatives());
    }
    int c = in.next();
    return switch (c) {
      case ':' -> closed(alternatives());
      case '>' -> new Atomic(closed(alternatives()));
      case '=' -> new Look(closed(alternatives()), true, true);
      case '!' -> new Look(closed(alternatives()), true, false);
      case '#' -> {
        while (in.next() != ')') {
          // a comment
        }
        yield null;
      }
      case '<' -> behindOrNamed();
      case '\'' -> named('\'');
      case '~' -> throw in.refuse("an absence operator (?~");
      case '(' -> throw in.refuse("a condition (?(");
      case '@', '{', '&', 'R', 'P' -> throw in.refuse("a group (?" + Character.toString(c));
      default -> options(c);
    };
  }

  private Node closed(Node node) {
    if (!in.take(')')) {
      throw in.refuse("a group that is not closed");
    }
    return node;
  }

  private Node behindOrNamed() {
    boolean wanted = in.take('=');
    if (!wanted && !in.take('!')) {
      return named('>');
    }
    var node = closed(alternatives());
    if (node.longest() > LONGEST_LOOK_BEHIND) {
      throw in.refuse("a look-behind of more than " + LONGEST_LOOK_BEHIND + " characters");
    }
    if (node.refusesSomething()) {
      throw in.refuse("a negative look inside of a look-behind");
    }
    return new Look(node, false, wanted);
  }

  private Node named(int end) {
    if (in.peek() == end) {
      throw in.refuse("a group with an empty name");
    }
    for (int c = in.next(); c != end; c = in.next()) {
      if (!Sets.isWord(c)) {
        throw in.refuse("a name of a group with other than word characters");
      }
    }
    return closed(alternatives());
  }

  /** Parses options for a group, or for the rest of the enclosing group. */
  private Node options(int first) {
    boolean outerCase = ignoreCase;
    boolean outerDot = dotAll;
    boolean outerExtended = extended;
    boolean on = true;
    for (int c = first; ; c = in.next()) {
      switch (c) {
        case '-' -> on = false;
        case 'i' -> ignoreCase = on;
        case 'm' -> dotAll = on;
        case 'x' -> extended = on;
        case ')' -> {
          boolean ends = in.atEnd() || in.peek() == ')';
          return ends ? new Sequence(List.of()) : alternatives();
        }
        case ':' -> {
          var node = closed(alternatives());
          ignoreCase = outerCase;
          dotAll = outerDot;
          extended = outerExtended;
          return node;
        }
        default -> throw in.refuse("an option (?" + Character.toString(c));
      }
    }
  }

  private Node escape() {
    int c = in.next();
    return switch (c) {
      case 'A' -> Place.TEXT_START;
      case 'z' -> Place.TEXT_END;
      case 'Z' -> Place.LAST_LINE_END;
      case 'b' -> Place.WORD_EDGE;
      case 'B' -> Place.NO_WORD_EDGE;
      case 'R' -> lineBreak();
      case 'N' -> new One(other -> other != '\n');
      case 'O' -> new One(_ -> true);
      case 'G', 'K', 'X', 'y', 'Y', 'k', 'g', 'C', 'M' ->
          throw in.refuse("\\" + Character.toString(c));
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
          throw in.refuse("a back-reference \\" + Character.toString(c));
      default -> {
        var set = Escapes.set(c, false, in);
        yield new One(set == null ? Folding.set(Escapes.character(c, in), ignoreCase) : set);
      }
    };
  }

  private static Node lineBreak() {
    IntPredicate others = c -> (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
    return new Atomic(
        new Alternatives(
            List.of(
                new Sequence(List.of(new One(c -> c == '\r'), new One(c -> c == '\n'))),
                new One(others))));
  }

  private Node repeated(Node atom) {
    var node = atom;
    for (int count = 0; ; count++) {
      if (count > MOST_REPETITIONS) {
        throw in.refuse("more than " + MOST_REPETITIONS + " repetitions of each other");
      }
      if (extended && !in.atEnd() && skipsBlank()) {
        continue;
      }
      int place = in.place();
      var times = times();
      if (times == null) {
        return node;
      }
      if (atom instanceof Place || atom instanceof Look) {
        throw in.refuse("a repetition of a place");
      }
      boolean interval = in.at(place) == '{';
      if (in.take('?')) {
        if (interval && times[0] == times[1]) {
          throw in.refuse("a reluctant repetition {n}?");
        }
        node = new Repeat(node, times[0], times[1], false);
      } else if (!interval && in.take('+')) {
        node = new Atomic(new Repeat(node, times[0], times[1], true));
      } else {
        node = new Repeat(node, times[0], times[1], true);
      }
    }
  }

  /** The minimum and maximum of a repetition; null if there is none here. */
  private int[] times() {
    if (in.atEnd()) {
      return null;
    }
    if (in.take('*')) {
      return new int[] {0, Node.UNBOUNDED};
    }
    if (in.take('+')) {
      return new int[] {1, Node.UNBOUNDED};
    }
    if (in.take('?')) {
      return new int[] {0, 1};
    }
    int start = in.place();
    if (!in.take('{')) {
      return null;
    }
    int least = in.number();
    boolean comma = in.take(',');
    int most = comma ? in.number() : least;
    boolean counted = least >= 0 || most >= 0;
    if (!counted || !in.take('}')) {
      in.back(start); // not an interval: the brace is an ordinary character
      return null;
    }
    int from = Math.max(least, 0);
    int to = most < 0 ? Node.UNBOUNDED : most;
    if (from > MOST_TIMES || (to != Node.UNBOUNDED && to > MOST_TIMES) || from > to) {
      throw in.refuse("a repetition {" + from + "," + (most < 0 ? "" : to) + "}");
    }
    return new int[] {from, to};
  }
}
