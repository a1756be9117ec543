package io.lanewise.tokenizer.normalize;

import java.util.Arrays;

/**
 * A list of changes from one text to another, and the resulting alignment.
 *
 * <p>The rules are those of {@code NormalizedString::transform} (tokenizer/normalizer.rs in Hugging
 * Face's tokenizers library), so offsets are exactly the same. A character with change 0 replaces
 * the next source character and has its range. A character with change 1 is inserted and has the
 * range of the source unit before it. A character with change -n replaces the next source character
 * and removes n more. If characters at the very beginning are removed, there is no character to
 * note this at, and the ranges of all following characters are shifted, in that library and here.
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

  /** Marks the last characters as inserted. */
  void markInserted(int howMany) {
    for (int i = Math.max(0, count - howMany); i < count; i++) {
      changes[i] = 1;
    }
  }

  /**
   * Lets the last character remove more source characters.
   *
   * @return false if there is no last character; nothing is changed then
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
