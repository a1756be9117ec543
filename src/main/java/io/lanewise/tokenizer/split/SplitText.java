package io.lanewise.tokenizer.split;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.normalize.AlignedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text split into pieces: ranges of an {@link AlignedText} in order, some of which are already
 * tokens. A growing list, used by one call.
 */
public final class SplitText {
  /** {@link #token} of a piece that is not yet a token. */
  public static final int OPEN = -1;

  public final AlignedText text;
  private int[] from = new int[32];
  private int[] to = new int[32];
  private int[] token = new int[32];
  private int count;

  public SplitText(AlignedText text) {
    this.text = text;
  }

  /** Adds an open piece, unless it is empty. */
  public void add(int first, int end) {
    add(first, end, OPEN);
  }

  public void add(int first, int end, int id) {
    if (first >= end) {
      return;
    }
    if (count == from.length) {
      from = Arrays.copyOf(from, count * 2);
      to = Arrays.copyOf(to, count * 2);
      token = Arrays.copyOf(token, count * 2);
    }
    from[count] = first;
    to[count] = end;
    token[count] = id;
    count++;
  }

  public int count() {
    return count;
  }

  public int from(int piece) {
    return from[piece];
  }

  public int to(int piece) {
    return to[piece];
  }

  /** The id of a piece that is an added token; {@link #OPEN} for others. */
  public int token(int piece) {
    return token[piece];
  }

  /** Every piece with its text and its range in the original. */
  public List<Word> words() {
    var words = new ArrayList<Word>(count);
    for (int i = 0; i < count; i++) {
      words.add(
          new Word(text.substring(from[i], to[i]), text.starts[from[i]], text.ends[to[i] - 1]));
    }
    return words;
  }
}
