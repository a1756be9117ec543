package io.lanewise.tokenizer.regex;

import io.lanewise.tokenizer.regex.Node.Alternatives;
import io.lanewise.tokenizer.regex.Node.Atomic;
import io.lanewise.tokenizer.regex.Node.Look;
import io.lanewise.tokenizer.regex.Node.One;
import io.lanewise.tokenizer.regex.Node.Place;
import io.lanewise.tokenizer.regex.Node.Repeat;
import io.lanewise.tokenizer.regex.Node.Sequence;
import io.lanewise.tokenizer.regex.RegularExpression.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A regular expression as a list of instructions.
 *
 * @param code the instructions; a match starts at the first one
 * @param choices number of {@link Choice}s
 * @param hasEmptyRounds whether there is a repetition of a part that can be empty
 */
record Program(List<Instruction> code, int choices, boolean hasEmptyRounds) {
  private static final int LONGEST = 20_000;

  Program {
    code = List.copyOf(code);
  }

  /** An instruction of the matcher at a position of the text. */
  sealed interface Instruction {}

  /** Consumes one character of a set. */
  record Step(CharacterSet set) implements Instruction {}

  /** Continues at one instruction, and if that fails at another one; numbered. */
  record Choice(int first, int second, int number) implements Instruction {}

  /** Continues at another instruction. */
  record Jump(int to) implements Instruction {}

  /**
   * Consumes the first match of the following instructions, then continues at another instruction.
   */
  record Once(int next) implements Instruction {}

  /**
   * Tests the following instructions at this position without consuming, then continues at another
   * instruction.
   */
  record Ahead(boolean wanted, int next) implements Instruction {}

  /** Tests whether the following instructions match a text that ends here. */
  record Behind(boolean wanted, int shortest, int longest, int next) implements Instruction {}

  /** Tests the position. */
  record At(Place place) implements Instruction {}

  /** The end of the program, or of a part that is run separately. */
  record End() implements Instruction {}

  static Program of(Node node) {
    var writer = new Writer();
    writer.write(node);
    writer.code.add(new End());
    return new Program(writer.code, writer.choices, writer.hasEmptyRounds);
  }

  private static final class Writer {
    private final List<Instruction> code = new ArrayList<>();
    private int choices;
    private boolean hasEmptyRounds;

    void write(Node node) {
      if (code.size() > LONGEST) {
        throw new Refusal(
            "it is longer than " + LONGEST + " steps once repetitions are written out");
      }
      switch (node) {
        case One(IntPredicate set) -> code.add(new Step(new CharacterSet(set)));
        case Place place -> code.add(new At(place));
        case Sequence(var parts) -> parts.forEach(this::write);
        case Alternatives(var parts) -> alternatives(parts);
        case Repeat repeat -> repeat(repeat);
        case Atomic(var part) -> apart(part, Once::new);
        case Look(var part, var ahead, var wanted) -> {
          if (ahead) {
            apart(part, next -> new Ahead(wanted, next));
          } else {
            int shortest = (int) part.shortest();
            int longest = (int) part.longest();
            apart(part, next -> new Behind(wanted, shortest, longest, next));
          }
        }
      }
    }

    private interface Reference {
      Instruction to(int place);
    }

    private void apart(Node part, Reference instruction) {
      int at = code.size();
      code.add(null);
      write(part);
      code.add(new End());
      code.set(at, instruction.to(code.size()));
    }

    private void alternatives(List<Node> parts) {
      var ends = new ArrayList<Integer>();
      for (int i = 0; i < parts.size() - 1; i++) {
        int choice = code.size();
        code.add(null);
        write(parts.get(i));
        ends.add(code.size());
        code.add(null);
        code.set(choice, new Choice(choice + 1, code.size(), choices++));
      }
      write(parts.getLast());
      ends.forEach(end -> code.set(end, new Jump(code.size())));
    }

    private void repeat(Repeat repeat) {
      for (int i = 0; i < repeat.least(); i++) {
        write(repeat.part());
      }
      if (repeat.most() == Node.UNBOUNDED) {
        hasEmptyRounds |= repeat.part().shortest() == 0;
        int choice = code.size();
        code.add(null);
        write(repeat.part());
        code.add(new Jump(choice));
        code.set(choice, choice(choice + 1, code.size(), repeat.greedy()));
        return;
      }
      var choicesHere = new ArrayList<Integer>();
      for (int i = repeat.least(); i < repeat.most(); i++) {
        choicesHere.add(code.size());
        code.add(null);
        write(repeat.part());
      }
      choicesHere.forEach(at -> code.set(at, choice(at + 1, code.size(), repeat.greedy())));
    }

    private Choice choice(int inside, int behind, boolean greedy) {
      return greedy ? new Choice(inside, behind, choices++) : new Choice(behind, inside, choices++);
    }
  }
}
