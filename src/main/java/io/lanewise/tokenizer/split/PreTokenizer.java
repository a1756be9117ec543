package io.lanewise.tokenizer.split;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import java.util.List;

/**
 * A step that splits a normalized text into words: the {@code pre_tokenizer} of tokenizer.json
 * (pre_tokenizers/*.rs in Hugging Face's tokenizers library).
 */
public sealed interface PreTokenizer
    permits BertWords,
        ByteLevel,
        PreTokenizer.Metaspace,
        PreTokenizer.Sequence,
        PreTokenizer.WhitespaceSplit,
        ScriptRuns,
        Splitter {
  /** Splits the open pieces further; pieces that are already tokens do not change. */
  SplitText apply(SplitText pieces);

  /** Whether no word crosses a space between two letters. */
  default boolean cutsAtSpaces() {
    return switch (this) {
      case Sequence(var steps) -> steps.stream().anyMatch(PreTokenizer::cutsAtSpaces);
      case WhitespaceSplit _, BertWords _ -> true;
      case Metaspace metaspace -> metaspace.split();
      case ByteLevel level -> level.cutWords();
      default -> false;
    };
  }

  /** {@code Sequence} (pre_tokenizers/sequence.rs). */
  record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public SplitText apply(SplitText pieces) {
      var now = pieces;
      for (var step : steps) {
        now = step.apply(now);
      }
      return now;
    }
  }

  /**
   * {@code WhitespaceSplit} (pre_tokenizers/whitespace.rs): splits at white space, which is
   * removed.
   */
  record WhitespaceSplit() implements PreTokenizer {
    @Override
    public SplitText apply(SplitText pieces) {
      var cut = new SplitText(pieces.text);
      char[] chars = pieces.text.chars;
      for (int p = 0; p < pieces.count(); p++) {
        int to = pieces.to(p);
        if (pieces.token(p) != SplitText.OPEN) {
          cut.add(pieces.from(p), to, pieces.token(p));
          continue;
        }
        int start = pieces.from(p);
        for (int i = start; i < to; i++) {
          if (CodePoints.isWhiteSpace(chars[i])) {
            cut.add(start, i);
            start = i + 1;
          }
        }
        cut.add(start, to);
      }
      return cut;
    }
  }

  /** When {@link Metaspace} puts its mark before a piece without one. */
  enum Prepend {
    ALWAYS,
    FIRST,
    NEVER
  }

  /**
   * {@code Metaspace} (pre_tokenizers/metaspace.rs): replaces spaces by a visible mark, which
   * begins a word; may also put the mark before a piece.
   */
  record Metaspace(char mark, Prepend prepend, boolean split) implements PreTokenizer {
    @Override
    public SplitText apply(SplitText pieces) {
      var text = pieces.text;
      var marked = text.next(text.length + pieces.count());
      var cut = new SplitText(marked);
      for (int p = 0; p < pieces.count(); p++) {
        int from = pieces.from(p);
        int to = pieces.to(p);
        int start = marked.length;
        if (pieces.token(p) != SplitText.OPEN) {
          marked.append(text, from, to);
          cut.add(start, marked.length, pieces.token(p));
          continue;
        }
        if (prepends(text, from)) {
          marked.append(mark, text.starts[from], text.ends[from]);
        }
        marked.append(text, from, to);
        mark(marked, start, cut);
      }
      return cut;
    }

    private boolean prepends(AlignedText text, int from) {
      char first = text.chars[from];
      return first != mark
          && first != ' '
          && (prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && text.starts[from] == 0));
    }

    private void mark(AlignedText marked, int start, SplitText cut) {
      char[] chars = marked.chars;
      int word = start;
      for (int i = start; i < marked.length; i++) {
        if (chars[i] == ' ') {
          chars[i] = mark;
        }
        if (split && chars[i] == mark && i > word) {
          cut.add(word, i);
          word = i;
        }
      }
      cut.add(word, marked.length);
    }
  }
}
