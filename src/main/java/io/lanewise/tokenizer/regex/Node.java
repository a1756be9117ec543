package io.lanewise.tokenizer.regex;

import java.util.List;
import java.util.function.IntPredicate;

/** A node of the syntax tree of a regular expression. */
sealed interface Node {
  /** No limit of a {@link Repeat}, or of a length. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** One character of a set. */
  record One(IntPredicate set) implements Node {}

  /** All parts, one after the other. */
  record Sequence(List<Node> parts) implements Node {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** The first of the parts that leads to a match. */
  record Alternatives(List<Node> parts) implements Node {
    public Alternatives {
      parts = List.copyOf(parts);
    }
  }

  /** A repetition: as often as possible if {@code greedy}, otherwise as seldom as possible. */
  record Repeat(Node part, int least, int most, boolean greedy) implements Node {}

  /**
   * An atomic group: only the first match of the part, without backtracking: {@code (?>…)} and
   * {@code …++}.
   */
  record Atomic(Node part) implements Node {}

  /** A look-ahead or look-behind, positive or negative. */
  record Look(Node part, boolean ahead, boolean wanted) implements Node {}

  /** An anchor: a position. */
  enum Place implements Node {
    /** {@code ^}. */
    LINE_START,
    /** {@code $}. */
    LINE_END,
    /** {@code \A}. */
    TEXT_START,
    /** {@code \z}. */
    TEXT_END,
    /** {@code \Z}: the end, or before a line break that is the last character. */
    LAST_LINE_END,
    /** {@code \b}. */
    WORD_EDGE,
    /** {@code \B}. */
    NO_WORD_EDGE
  }

  /** The fewest characters that it matches. */
  default long shortest() {
    return switch (this) {
      case One _ -> 1;
      case Sequence(var parts) -> parts.stream().mapToLong(Node::shortest).sum();
      case Alternatives(var parts) -> parts.stream().mapToLong(Node::shortest).min().orElse(0);
      case Repeat(var part, var least, _, _) -> part.shortest() * least;
      case Atomic(var part) -> part.shortest();
      case Look _, Place _ -> 0;
    };
  }

  /** The most characters that it matches; {@link #UNBOUNDED} or more for no limit. */
  default long longest() {
    return switch (this) {
      case One _ -> 1;
      case Sequence(var parts) ->
          parts.stream().mapToLong(Node::longest).reduce(0, (a, b) -> Math.min(a + b, UNBOUNDED));
      case Alternatives(var parts) -> parts.stream().mapToLong(Node::longest).max().orElse(0);
      case Repeat(var part, _, var most, _) ->
          part.longest() == 0 ? 0 : Math.min(part.longest() * most, UNBOUNDED);
      case Atomic(var part) -> part.longest();
      case Look _, Place _ -> 0;
    };
  }

  /** Whether it contains a negative look-around. */
  default boolean refusesSomething() {
    return switch (this) {
      case Sequence(var parts) -> parts.stream().anyMatch(Node::refusesSomething);
      case Alternatives(var parts) -> parts.stream().anyMatch(Node::refusesSomething);
      case Repeat(var part, _, _, _) -> part.refusesSomething();
      case Atomic(var part) -> part.refusesSomething();
      case Look(var part, _, var wanted) -> !wanted || part.refusesSomething();
      case One _, Place _ -> false;
    };
  }
}
