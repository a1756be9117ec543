package io.lanewise.tokenizer.normalize;

import java.util.Arrays;

/**
 * The list of changes that makes one text out of another, and the alignment that follows from it.
 *
 * <p>The rules are those of {@code NormalizedString::transform} in Hugging Face's tokenizers, so
 * that offsets agree to the unit: a character with change 0 takes the place of the next source
 * character and its range; one with change 1 is inserted and has the range of the source unit
 * before it; one with change -n takes the next source character's place and swallows n more. A list
 * that does not account for every source character (a removal at the very beginning has nothing to
 * hang on) shifts the ranges of what follows, there and here.
 */
final class Rewriter {
  private int[] codePoints = new int[64];
  private int[] changes = new int[64];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int codePoint(int i) {
    return codePoints[i];
  }

  int change(int i) {
    return changes[i];
  }

  void put(int codePoint, int change) {
    if (count == codePoints.length) {
      codePoints = Arrays.copyOf(codePoints, count * 2);
      changes = Arrays.copyOf(changes, count * 2);
    }
    codePoints[count] = codePoint;
    changes[count] = change;
    count++;
  }

  /** The last characters become insertions. */
  void markInserted(int howMany) {
    for (int i = Math.max(0, count - howMany); i < count; i++) {
      changes[i] = 1;
    }
  }

  /**
   * The last character swallows so many more source characters.
   *
   * @return false if there is no last character, and nothing was noted
   */
  boolean swallow(int howMany) {
    if (count == 0) {
      return false;
    }
    changes[count - 1] -= howMany;
    return true;
  }

  /** Appends the new text to the target. */
  void write(AlignedText source, AlignedText target) {
    target.reserve(count);
    int at = 0;
    for (int i = 0; i < count; i++) {
      int change = changes[i];
      if (change > 0) {
        int start = at == 0 ? 0 : source.starts[at - 1];
        int end = at == 0 ? 0 : source.ends[at - 1];
        target.appendCodePoint(codePoints[i], start, end);
      } else if (at < source.length) {
        target.appendCodePoint(codePoints[i], source.starts[at], source.ends[at]);
        for (int n = change; n <= 0 && at < source.length; n++) {
          at += Character.charCount(source.codePointAt(at));
        }
      } else {
        throw new IllegalStateException("more characters replaced than there are");
      }
    }
  }
}
