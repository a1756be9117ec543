package io.lanewise.tokenizer.normalize;

import java.util.Arrays;

/**
 * A text between two steps of a tokenizer: its UTF-16 units, and for each the range [start, end) of
 * the original text that it comes from ({@code NormalizedString} of tokenizer/normalizer.rs in
 * Hugging Face's tokenizers library). Both units of a surrogate pair have the range of the pair. A
 * growing buffer, used by one call.
 */
public final class AlignedText {
  public char[] chars;
  public int[] starts;
  public int[] ends;
  public int length;

  /**
   * Whether characters at the start were removed, which shifts the ranges of all following
   * characters.
   */
  boolean shifted;

  /** Maximum length in units. */
  private final long most;

  /** An empty text, made from a text of about this length. */
  public AlignedText(int capacity) {
    this(capacity, Growth.most(capacity));
  }

  private AlignedText(int capacity, long most) {
    this.most = most;
    chars = new char[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
  }

  /** An empty text for the next step, with the same maximum length. */
  public AlignedText next(int capacity) {
    return new AlignedText(capacity, most);
  }

  void clear() {
    length = 0;
    shifted = false;
  }

  /**
   * Reserves memory for more units.
   *
   * @throws io.lanewise.TokenizerException if it would grow too far
   */
  public void reserve(int more) {
    long wanted = (long) length + more;
    if (wanted > Math.min(most, Integer.MAX_VALUE - 16)) {
      throw Growth.tooMuch(most);
    }
    int needed = (int) wanted;
    if (needed > chars.length) {
      int capacity = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, chars.length * 2L));
      chars = Arrays.copyOf(chars, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
  }

  public void append(char c, int start, int end) {
    if (length == chars.length) {
      reserve(1);
    }
    chars[length] = c;
    starts[length] = start;
    ends[length] = end;
    length++;
  }

  public void appendCodePoint(int c, int start, int end) {
    if (c < 0x10000) {
      append((char) c, start, end);
    } else {
      append(Character.highSurrogate(c), start, end);
      append(Character.lowSurrogate(c), start, end);
    }
  }

  /** Copies [from, to) of another text, alignments included. */
  public void append(AlignedText other, int from, int to) {
    int count = to - from;
    reserve(count);
    System.arraycopy(other.chars, from, chars, length, count);
    System.arraycopy(other.starts, from, starts, length, count);
    System.arraycopy(other.ends, from, ends, length, count);
    length += count;
  }

  /** Copies [from, to) of the original text, aligned with itself. */
  public void appendOriginal(char[] original, int from, int to) {
    reserve(to - from);
    System.arraycopy(original, from, chars, length, to - from);
    int shift = length - from;
    for (int i = from; i < to; i++) {
      starts[i + shift] = i;
      ends[i + shift] = i + 1;
    }
    for (int i = from; i + 1 < to; i++) {
      if (Character.isHighSurrogate(original[i]) && Character.isLowSurrogate(original[i + 1])) {
        ends[i + shift] = i + 2;
        starts[i + 1 + shift] = i;
        i++;
      }
    }
    length += to - from;
  }

  /** The code point at a unit, without reading beyond the end. */
  public int codePointAt(int i) {
    return Character.codePointAt(chars, i, length);
  }

  public String substring(int from, int to) {
    return new String(chars, from, to - from);
  }

  @Override
  public String toString() {
    return substring(0, length);
  }
}
