package io.lanewise.tokenizer.regex;

import io.lanewise.tokenizer.regex.Node.Place;
import io.lanewise.tokenizer.regex.Program.Ahead;
import io.lanewise.tokenizer.regex.Program.At;
import io.lanewise.tokenizer.regex.Program.Behind;
import io.lanewise.tokenizer.regex.Program.Choice;
import io.lanewise.tokenizer.regex.Program.End;
import io.lanewise.tokenizer.regex.Program.Instruction;
import io.lanewise.tokenizer.regex.Program.Jump;
import io.lanewise.tokenizer.regex.Program.Once;
import io.lanewise.tokenizer.regex.Program.Step;
import io.lanewise.tokenizer.regex.RegularExpression.Found;
import io.lanewise.tokenizer.regex.RegularExpression.Refusal;
import java.util.Arrays;

/**
 * Runs a program over a text, with a stack of its own for what is still to be tried.
 *
 * <p>A choice that has led to nothing at a place leads to nothing whenever it is met there again,
 * as nothing that it depends on can have changed: it is remembered and passed over. So the work is
 * bounded by instructions times characters, except for what atomic groups and looks read again,
 * which is counted and stopped.
 */
final class Matcher {
  private static final long STEPS_PER_CHARACTER = 200;
  private static final long STEPS_PER_INSTRUCTION = 4;
  private static final long LEAST_STEPS = 50_000_000;
  private static final long MOST_REMEMBERED = 1L << 30;
  private static final int NOWHERE = -1;

  private final Instruction[] code;
  private final int choices;
  private final boolean hasEmptyRounds;
  private final char[] chars;
  private final int from;
  private final int to;
  private final long[] tried;
  private long steps;

  /** What is still to be tried: an instruction, a place, and how long the way was. */
  private int[] stack = new int[96];

  private int height;

  /** The choices on the way to here, by their bits in {@link #tried}. */
  private int[] way = new int[32];

  private int length;

  Matcher(Program program, char[] chars, int from, int to) {
    code = program.code().toArray(Instruction[]::new);
    choices = program.choices();
    hasEmptyRounds = program.hasEmptyRounds();
    this.chars = chars;
    this.from = from;
    this.to = to;
    long bits = (long) choices * (to - from + 1);
    if (bits > MOST_REMEMBERED) {
      throw new Refusal("a text of " + (to - from) + " characters is too long for it");
    }
    tried = new long[(int) ((bits + 63) >> 6)];
    long perCharacter = STEPS_PER_CHARACTER + STEPS_PER_INSTRUCTION * code.length;
    steps = Math.max(LEAST_STEPS, (to - from) * perCharacter);
  }

  /** {@code FindMatches} of the tokenizers' {@code onig} crate. */
  void each(Found found) {
    int last = NOWHERE;
    int at = from;
    while (at <= to) {
      int end = run(0, at, NOWHERE);
      if (end == NOWHERE || (end == at && end == last)) {
        if (at == to) {
          return;
        }
        at += Character.charCount(Character.codePointAt(chars, at, to));
        continue;
      }
      found.found(at, end);
      last = end;
      at = end;
    }
  }

  /**
   * The end of the match that begins here, or {@link #NOWHERE}.
   *
   * @param until where it has to end; {@link #NOWHERE} for anywhere, and only then what failed once
   *     has failed for good
   */
  private int run(int start, int place, int until) {
    boolean remembers = until == NOWHERE;
    int limit = remembers ? to : until;
    int base = height;
    int wayBase = length;
    int pc = start;
    int at = place;
    while (true) {
      boolean fails = false;
      count();
      switch (code[pc]) {
        case End _ -> {
          if (remembers || at == until) {
            succeed(base, wayBase);
            return at;
          }
          fails = true;
        }
        case Step(var set) -> {
          int c = at < limit ? Character.codePointAt(chars, at, to) : -1;
          if (c >= 0 && set.contains(c)) {
            at += Character.charCount(c);
            pc++;
          } else {
            fails = true;
          }
        }
        case Jump(int next) -> pc = next;
        case Choice(int first, int second, int number) -> {
          if (remembers && !first(number, at)) {
            fails = true;
          } else {
            push(second, at);
            pc = first;
          }
        }
        case Once(int next) -> {
          int end = run(pc + 1, at, NOWHERE);
          fails = end == NOWHERE;
          at = fails ? at : end;
          pc = next;
        }
        case Ahead(boolean wanted, int next) -> {
          fails = run(pc + 1, at, NOWHERE) == NOWHERE == wanted;
          pc = next;
        }
        case Behind behind -> {
          fails = isBefore(behind, pc + 1, at) != behind.wanted();
          pc = behind.next();
        }
        case At(var where) -> {
          fails = !isAt(where, at);
          pc++;
        }
      }
      if (fails) {
        if (height == base) {
          length = wayBase;
          return NOWHERE;
        }
        height -= 3;
        pc = stack[height];
        at = stack[height + 1];
        length = stack[height + 2];
      }
    }
  }

  private void count() {
    if (--steps < 0) {
      throw new Refusal(
          "it takes too long on a text of " + (to - from) + " characters: it tries too many ways");
    }
  }

  /** Whether a choice was not met at a place; remembers that it was. */
  private boolean first(int number, int at) {
    int bit = (at - from) * choices + number;
    if ((tried[bit >> 6] >>> bit & 1) != 0) {
      return false;
    }
    tried[bit >> 6] |= 1L << bit;
    if (length == way.length) {
      way = Arrays.copyOf(way, length * 2);
    }
    way[length++] = bit;
    return true;
  }

  private void push(int pc, int at) {
    if (height + 3 > stack.length) {
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[height] = pc;
    stack[height + 1] = at;
    stack[height + 2] = length;
    height += 3;
  }

  /** What lies on the way to a match has not failed: it is forgotten. */
  private void succeed(int base, int wayBase) {
    height = base;
    while (length > wayBase) {
      int bit = way[--length];
      tried[bit >> 6] &= ~(1L << bit);
    }
    if (hasEmptyRounds) {
      // A way that was cut at a choice before it, in the middle of an empty round, has not failed.
      steps -= tried.length;
      Arrays.fill(tried, 0);
      for (int i = 0; i < length; i++) {
        tried[way[i] >> 6] |= 1L << way[i];
      }
    }
  }

  /** Whether the instructions match text that ends here. */
  private boolean isBefore(Behind behind, int pc, int at) {
    int start = at;
    for (int back = 0; back <= behind.longest(); back++) {
      if (back >= behind.shortest() && run(pc, start, at) == at) {
        return true;
      }
      if (start == from) {
        return false;
      }
      start -= Character.charCount(Character.codePointBefore(chars, start, from));
    }
    return false;
  }

  private boolean isAt(Place place, int at) {
    return switch (place) {
      case TEXT_START -> at == from;
      case TEXT_END -> at == to;
      case LAST_LINE_END -> at == to || (at == to - 1 && chars[at] == '\n');
      case LINE_START -> at == from || (at < to && chars[at - 1] == '\n');
      case LINE_END -> at == to || chars[at] == '\n';
      case WORD_EDGE -> isWordBefore(at) != isWordAt(at);
      case NO_WORD_EDGE -> isWordBefore(at) == isWordAt(at);
    };
  }

  private boolean isWordBefore(int at) {
    return at > from && Sets.isWord(Character.codePointBefore(chars, at, from));
  }

  private boolean isWordAt(int at) {
    return at < to && Sets.isWord(Character.codePointAt(chars, at, to));
  }
}
