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
 * Runs a program on a text, with its own stack of alternatives.
 *
 * <p>An alternative that has failed at a position fails there again, because nothing it depends on
 * can have changed. So it is recorded and skipped the next time, and the work is bounded by
 * instructions times characters. Only atomic groups and look-arounds may read a character more
 * often; that work is counted, and stopped at a limit.
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

  /** The stack of alternatives: an instruction, a position, and the length of the path to it. */
  private int[] stack = new int[96];

  private int height;

  /** The choices on the current path, by their bits in {@link #tried}. */
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

  /**
   * All matches from left to right: {@code find_iter} of the {@code onig} crate, used in
   * utils/onig.rs of Hugging Face's tokenizers library.
   */
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
   * @param until required end; {@link #NOWHERE} for any, and only then failed alternatives are
   *     recorded for good
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

  /** Records a choice at a position; false if it was recorded before. */
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

  /** Removes the records of the choices on the path to a match, because they have not failed. */
  private void succeed(int base, int wayBase) {
    height = base;
    while (length > wayBase) {
      int bit = way[--length];
      tried[bit >> 6] &= ~(1L << bit);
    }
    if (hasEmptyRounds) {
      // A path that was skipped at an earlier choice, inside of an empty round, has not failed.
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
