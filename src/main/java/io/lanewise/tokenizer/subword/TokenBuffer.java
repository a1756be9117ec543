package io.lanewise.tokenizer.subword;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The tokens of a text that is being encoded: a growing list, used by one call. */
public final class TokenBuffer {
  public int[] ids;
  public int[] starts;
  public int[] ends;
  public int[] words;
  public int count;

  /** The seed of sampled segmentations. */
  public long seed;

  /** Trims spaces from the ranges of tokens; null for none. */
  public OffsetTrim trim;

  /** The text, or the words by their numbers, to which the ranges refer; null if not needed. */
  private char[][] sources;

  private boolean byWord;

  /** The text of tokens that differs from their vocabulary entry, by position. */
  private Map<Integer, String> surfaces = Map.of();

  public TokenBuffer(int capacity) {
    ids = new int[capacity];
    starts = new int[capacity];
    ends = new int[capacity];
    words = new int[capacity];
  }

  public void add(int id, int start, int end, int word) {
    if (count == ids.length) {
      int capacity = Math.max(16, count * 2);
      ids = Arrays.copyOf(ids, capacity);
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
      words = Arrays.copyOf(words, capacity);
    }
    ids[count] = id;
    starts[count] = start;
    ends[count] = end;
    words[count] = word;
    count++;
  }

  /** Adds a token whose text differs from its vocabulary entry, such as an unknown word. */
  public void add(int id, int start, int end, int word, String surface) {
    if (surfaces.isEmpty()) {
      surfaces = new HashMap<>();
    }
    surfaces.put(count, surface);
    add(id, start, end, word);
  }

  /** Sets the text to which the ranges refer. */
  public void countsUnitsOf(char[] text) {
    sources = new char[][] {text};
    byWord = false;
  }

  /** Sets the words to which the ranges refer. */
  public void countsUnitsOf(char[][] words) {
    sources = words;
    byWord = true;
  }

  /** The text to which a token's range refers; null if each place is a code point. */
  char[] source(int position) {
    return sources == null ? null : sources[byWord ? words[position] : 0];
  }

  /** The token's text; null if it is that of the vocabulary. */
  public String surface(int position) {
    return surfaces.get(position);
  }

  /** Copies the ranges of a window, trimmed if {@link #trim} is set. */
  public void copyOffsets(int from, int size, int[] toStarts, int[] toEnds, int at) {
    System.arraycopy(starts, from, toStarts, at, size);
    System.arraycopy(ends, from, toEnds, at, size);
    if (trim != null) {
      trim.apply(this, from, size, toStarts, toEnds, at);
    }
  }

  public boolean hasSurfaces() {
    return !surfaces.isEmpty();
  }

  /** Removes all tokens. */
  public void clear() {
    count = 0;
    surfaces = Map.of();
  }
}
