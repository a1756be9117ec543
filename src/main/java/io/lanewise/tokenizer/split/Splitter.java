package io.lanewise.tokenizer.split;

import io.lanewise.tokenizer.normalize.Literal;
import io.lanewise.tokenizer.regex.RegularExpression.Found;
import java.util.function.IntPredicate;

/**
 * Splits a text at the matches of a pattern: {@code Split}, {@code Punctuation}, {@code Digits},
 * {@code Whitespace} and {@code CharDelimiterSplit} (split.rs, punctuation.rs, digits.rs,
 * whitespace.rs and delimiter.rs in pre_tokenizers of Hugging Face's tokenizers library).
 *
 * @param pattern the pattern
 * @param behavior the treatment of matches
 * @param invert swaps matches and the text between them
 */
public record Splitter(Pattern pattern, Behavior behavior, boolean invert) implements PreTokenizer {
  /** {@code SplitDelimiterBehavior} (tokenizer/normalizer.rs). */
  public enum Behavior {
    /** A match is removed. */
    REMOVED,
    /** Each match is a piece. */
    ISOLATED,
    /** A match is the end of the piece before it. */
    MERGED_WITH_PREVIOUS,
    /** A match is the beginning of the piece after it. */
    MERGED_WITH_NEXT,
    /** Adjacent matches are one piece. */
    CONTIGUOUS
  }

  /** A pattern that is searched from left to right. */
  public interface Pattern {
    /** The end of the match that begins at a position; the position itself for no match. */
    int end(char[] chars, int at, int to);

    /** The start of the first match from {@code at} on, or {@code to}. */
    default int next(char[] chars, int at, int to) {
      int i = at;
      while (i < to && end(chars, i, to) == i) {
        i += Character.charCount(Character.codePointAt(chars, i, to));
      }
      return i;
    }

    /** Finds all matches in [from, to) without overlaps; a match may be empty. */
    default void each(char[] chars, int from, int to, Found found) {
      for (int at = next(chars, from, to); at < to; ) {
        int end = end(chars, at, to);
        found.found(at, end);
        at = next(chars, end, to);
      }
    }

    /** Single characters of a kind. */
    static Pattern each(IntPredicate kind) {
      return (chars, at, to) -> {
        int c = Character.codePointAt(chars, at, to);
        return kind.test(c) ? at + Character.charCount(c) : at;
      };
    }

    /** Runs of characters of a kind, as long as possible. */
    static Pattern runs(IntPredicate kind) {
      return (chars, at, to) -> {
        int i = at;
        while (i < to) {
          int c = Character.codePointAt(chars, i, to);
          if (!kind.test(c)) {
            break;
          }
          i += Character.charCount(c);
        }
        return i;
      };
    }

    /** A text that is not empty. */
    static Pattern literal(String text) {
      var literal = new Literal(text);
      return new Pattern() {
        @Override
        public int end(char[] chars, int at, int to) {
          int end = at + literal.length();
          return end <= to && literal.find(chars, at, end) == at ? end : at;
        }

        @Override
        public int next(char[] chars, int at, int to) {
          int found = literal.find(chars, at, to);
          return found < 0 ? to : found;
        }
      };
    }

    /** The first of two patterns that matches. */
    static Pattern either(Pattern one, Pattern other) {
      return (chars, at, to) -> {
        int end = one.end(chars, at, to);
        return end > at ? end : other.end(chars, at, to);
      };
    }
  }

  @Override
  public SplitText apply(SplitText pieces) {
    var cut = new SplitText(pieces.text);
    for (int p = 0; p < pieces.count(); p++) {
      if (pieces.token(p) == SplitText.OPEN) {
        split(pieces.from(p), pieces.to(p), cut);
      } else {
        cut.add(pieces.from(p), pieces.to(p), pieces.token(p));
      }
    }
    return cut;
  }

  private void split(int from, int to, SplitText cut) {
    var pieces = new Joiner(behavior, cut, from);
    pattern.each(
        cut.text.chars,
        from,
        to,
        (at, end) -> {
          pieces.add(pieces.done, at, invert);
          pieces.add(at, end, !invert);
          if (at == end) {
            pieces.cut(at); // an empty match still separates the text on both sides
          }
        });
    pieces.add(pieces.done, to, invert);
    pieces.flush();
  }

  /** Joins matches and the text between them according to the behavior; holds one piece back. */
  private static final class Joiner {
    private final Behavior behavior;
    private final SplitText cut;
    private int from;
    private int to;
    private boolean found;

    /** The end of the last match. */
    private int done;

    Joiner(Behavior behavior, SplitText cut, int from) {
      this.behavior = behavior;
      this.cut = cut;
      done = from;
    }

    void cut(int at) {
      flush();
      from = at;
      to = at;
    }

    void add(int first, int end, boolean isFind) {
      done = end;
      if (first == end) {
        return;
      }
      boolean joins =
          from < to
              && switch (behavior) {
                case REMOVED, ISOLATED -> false;
                case MERGED_WITH_PREVIOUS -> isFind && !found;
                case MERGED_WITH_NEXT -> found && !isFind;
                case CONTIGUOUS -> isFind == found;
              };
      if (joins) {
        to = end;
      } else {
        flush();
        from = first;
        to = end;
      }
      found = isFind;
    }

    void flush() {
      if (from < to && !(behavior == Behavior.REMOVED && found)) {
        cut.add(from, to);
      }
      from = to;
    }
  }
}
