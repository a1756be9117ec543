package io.lanewise.task.span;

import io.lanewise.tokenizer.Encoding;
import java.util.List;

/**
 * A text whose tokens are classified.
 *
 * @param text all of it
 * @param wordStarts where each of the words begins that it was given as; null if it was given whole
 */
public record Sentence(String text, int[] wordStarts) {

  public static Sentence of(String text) {
    return new Sentence(text, null);
  }

  /** Words with a delimiter between them. */
  public static Sentence of(List<String> words, String delimiter) {
    var starts = new int[words.size()];
    int at = 0;
    for (int word = 0; word < starts.length; word++) {
      starts[word] = at;
      at += words.get(word).length() + delimiter.length();
    }
    return new Sentence(String.join(delimiter, words), starts);
  }

  /** Where a token begins in the text. */
  int start(Encoding encoding, int token) {
    return encoding.starts()[token] + shift(encoding, token);
  }

  /** Where a token ends in the text, exclusive. */
  int end(Encoding encoding, int token) {
    return encoding.ends()[token] + shift(encoding, token);
  }

  private int shift(Encoding encoding, int token) {
    int word = encoding.wordIds()[token];
    return wordStarts == null || word < 0 ? 0 : wordStarts[word];
  }
}
