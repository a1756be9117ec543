package io.lanewise.tokenizer.normalize;

import java.util.List;

/**
 * A step that rewrites a text before it is split: the {@code normalizer} of tokenizer.json
 * (normalizers/*.rs in Hugging Face's tokenizers library).
 */
public sealed interface Normalizer
    permits BertNormalizer,
        ByteLevelText,
        Composition,
        NmtClean,
        Normalizer.CollapseSpaces,
        Normalizer.Decompose,
        Normalizer.Lowercase,
        Normalizer.Replace,
        Normalizer.Sequence,
        Normalizer.StripAccents,
        Precompiled,
        PrependText,
        ReplaceFinds,
        StripEnds {
  /** The result of {@link #ascii} for a character whose result depends on its neighbours. */
  int DEPENDS = -1;

  /** Appends the rewritten source, a whole segment of text, to the target. */
  void apply(AlignedText source, AlignedText target);

  /**
   * The result for an ASCII character between ASCII characters: another ASCII character, or {@link
   * #DEPENDS}. With it, a list of normalizers needs a single pass over English text.
   */
  int ascii(int c);

  /**
   * Whether the result for a character depends only on its neighbours, not on the ends of the
   * segment.
   */
  default boolean isLocal() {
    return true;
  }

  /** Whether no change crosses a space between two ASCII letters. */
  default boolean cutsAtSpaces() {
    return switch (this) {
      case Sequence(var steps) -> steps.stream().allMatch(Normalizer::cutsAtSpaces);
      case Replace(String pattern, _, _) -> pattern.indexOf(' ') < 0;
      default -> isLocal();
    };
  }

  /** {@code Sequence} (normalizers/utils.rs). */
  record Sequence(List<Normalizer> steps) implements Normalizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public void apply(AlignedText source, AlignedText target) {
      if (steps.isEmpty()) {
        target.append(source, 0, source.length);
        return;
      }
      var from = source;
      for (int i = 0; i < steps.size() - 1; i++) {
        var to = target.next(from.length + 16);
        steps.get(i).apply(from, to);
        to.shifted |= from.shifted;
        from = to;
      }
      steps.getLast().apply(from, target);
      target.shifted |= from.shifted;
    }

    @Override
    public int ascii(int c) {
      int now = c;
      for (var step : steps) {
        now = step.ascii(now);
        if (now == DEPENDS) {
          return DEPENDS;
        }
      }
      return now;
    }

    @Override
    public boolean isLocal() {
      return steps.stream().allMatch(Normalizer::isLocal);
    }
  }

  /** {@code NFD} and {@code NFKD} (normalizers/unicode.rs). */
  record Decompose(Decomposition tables) implements Normalizer {
    @Override
    public void apply(AlignedText source, AlignedText target) {
      tables.apply(source, target);
    }

    @Override
    public int ascii(int c) {
      return c;
    }
  }

  /** {@code StripAccents} (normalizers/strip.rs): removes marks. */
  record StripAccents() implements Normalizer {
    @Override
    public void apply(AlignedText source, AlignedText target) {
      for (int i = 0; i < source.length; ) {
        int c = source.codePointAt(i);
        int next = i + Character.charCount(c);
        if (!CrateTables.isMark(c)) {
          target.append(source, i, next);
        }
        i = next;
      }
    }

    @Override
    public int ascii(int c) {
      return c;
    }
  }

  /**
   * {@code Lowercase} (normalizers/utils.rs): character by character, so a final sigma becomes an
   * ordinary one.
   */
  record Lowercase() implements Normalizer {
    @Override
    public void apply(AlignedText source, AlignedText target) {
      for (int i = 0; i < source.length; ) {
        int c = source.codePointAt(i);
        int start = source.starts[i];
        int end = source.ends[i];
        i += Character.charCount(c);
        if (c == 0x130) {
          target.append('i', start, end);
          target.append('\u0307', start, end);
        } else {
          target.appendCodePoint(CrateTables.toLowerCase(c), start, end);
        }
      }
    }

    @Override
    public int ascii(int c) {
      return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
  }

  /**
   * {@code Replace} with a literal pattern (normalizers/replace.rs): every occurrence from left to
   * right.
   */
  record Replace(String pattern, String content, Literal literal) implements Normalizer {
    public Replace(String pattern, String content) {
      this(pattern, content, new Literal(pattern));
    }

    @Override
    public void apply(AlignedText source, AlignedText target) {
      int from = 0;
      for (int at = next(source, 0); at >= 0; at = next(source, from)) {
        target.append(source, from, at);
        // Inserted text has the position of the end of the match.
        from = at + literal.length();
        target.reserve(content.length());
        for (int k = 0; k < content.length(); k++) {
          target.append(content.charAt(k), source.starts[from - 1], source.ends[from - 1]);
        }
      }
      target.append(source, from, source.length);
    }

    private int next(AlignedText source, int from) {
      return literal.find(source.chars, from, source.length);
    }

    @Override
    public int ascii(int c) {
      return pattern.indexOf(c) >= 0 ? DEPENDS : c;
    }
  }

  /** {@code Replace} with the pattern {@code " {2,}"}: each run of two or more spaces. */
  record CollapseSpaces(String content) implements Normalizer {
    @Override
    public void apply(AlignedText source, AlignedText target) {
      int from = 0;
      for (int i = 0; i < source.length; ) {
        int end = i;
        while (end < source.length && source.chars[end] == ' ') {
          end++;
        }
        if (end - i >= 2) {
          target.append(source, from, i);
          for (int k = 0; k < content.length(); k++) {
            target.append(content.charAt(k), source.starts[end - 1], source.ends[end - 1]);
          }
          from = end;
        }
        i = Math.max(end, i + 1);
      }
      target.append(source, from, source.length);
    }

    @Override
    public int ascii(int c) {
      return c == ' ' ? DEPENDS : c;
    }
  }
}
