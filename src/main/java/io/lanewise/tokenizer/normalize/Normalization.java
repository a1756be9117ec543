package io.lanewise.tokenizer.normalize;

import static io.lanewise.tokenizer.normalize.Normalizer.DEPENDS;

/**
 * Runs a normalizer on segments of a text, with a fast path for simple characters.
 *
 * <p>A character is simple if it is ASCII and the normalizer replaces it by one ASCII character
 * whatever its neighbours are. Runs of simple characters are looked up in a table. The text between
 * them is normalized together with one simple neighbour on each side, because accents, clusters and
 * compositions depend on no more than that.
 */
public final class Normalization {
  private final Normalizer normalizer;

  /** The result for each ASCII character; DEPENDS if it is not simple. */
  private final byte[] plain = new byte[128];

  private final boolean local;
  private final boolean identity;

  /**
   * @param normalizer null for none
   */
  public Normalization(Normalizer normalizer) {
    this.normalizer = normalizer;
    this.identity = normalizer == null;
    this.local = !identity && normalizer.isLocal();
    for (int c = 0; c < 128; c++) {
      plain[c] = (byte) (identity ? c : normalizer.ascii(c));
    }
  }

  /** Appends the normal form of [from, to) of the original text to the target. */
  public void apply(char[] text, int from, int to, AlignedText target) {
    if (identity) {
      target.appendOriginal(text, from, to);
    } else if (!local || !applyByRuns(text, from, to, target)) {
      var source = new AlignedText(to - from);
      source.appendOriginal(text, from, to);
      normalizer.apply(source, target);
    }
  }

  private boolean isPlain(char c) {
    return c < 128 && plain[c] != DEPENDS;
  }

  /** Returns false, and appends nothing, if the segment can only be normalized as a whole. */
  private boolean applyByRuns(char[] text, int from, int to, AlignedText target) {
    int before = target.length;
    AlignedText source = null;
    int i = from;
    while (i < to) {
      int end = i;
      while (end < to && isPlain(text[end])) {
        end++;
      }
      if (end < to && end > i) {
        end--;
      }
      appendPlain(text, i, end, target);
      i = end;
      if (i < to) {
        end = roughEnd(text, i, to);
        if (source == null) {
          source = new AlignedText(end - i + 16);
        }
        source.clear();
        source.appendOriginal(text, i, end);
        normalizer.apply(source, target);
        i = end;
        if (target.shifted) {
          target.shifted = false;
          target.length = before;
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The end of a run of other characters: after the first simple character that is followed by a
   * simple one, or by the end.
   */
  private int roughEnd(char[] text, int from, int to) {
    int i = from + 1;
    while (i < to && !(isPlain(text[i]) && (i + 1 == to || isPlain(text[i + 1])))) {
      i++;
    }
    return Math.min(to, i + 1);
  }

  private void appendPlain(char[] text, int from, int to, AlignedText target) {
    target.reserve(to - from);
    char[] chars = target.chars;
    int[] starts = target.starts;
    int[] ends = target.ends;
    int length = target.length;
    for (int i = from; i < to; i++) {
      chars[length] = (char) plain[text[i]];
      starts[length] = i;
      ends[length] = i + 1;
      length++;
    }
    target.length = length;
  }
}
