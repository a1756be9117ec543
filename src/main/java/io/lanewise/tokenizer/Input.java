package io.lanewise.tokenizer;

import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.util.List;
import java.util.Objects;

/** What is given to be encoded: a text, or words that someone else has split. */
sealed interface Input {
  /** Appends the tokens. */
  Tokens tokens(Pipeline pipeline, int atMost, EncodeOptions options);

  /** Whether there is nothing in it at all. */
  boolean isEmpty();

  /** A running text. */
  record Text(String text) implements Input {
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public boolean isEmpty() {
      return text.isEmpty();
    }

    @Override
    public Tokens tokens(Pipeline pipeline, int atMost, EncodeOptions options) {
      char[] chars = wellFormed(text);
      var tokens = new Tokens(Math.min(atMost, chars.length / 3) + 8);
      tokens.seed = options.seed();
      pipeline.encode(chars, atMost, tokens);
      if (options.offsets() == OffsetUnit.CODE_POINTS) {
        countCodePoints(chars, tokens, 0);
      }
      return tokens;
    }
  }

  /** Words; offsets are within the word, and a word's index is its word id. */
  record Words(List<String> words) implements Input {
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public boolean isEmpty() {
      return words.isEmpty();
    }

    @Override
    public Tokens tokens(Pipeline pipeline, int atMost, EncodeOptions options) {
      var tokens = new Tokens(Math.min(atMost, words.size() * 2) + 8);
      tokens.seed = options.seed();
      for (int word = 0; word < words.size() && tokens.count < atMost; word++) {
        char[] chars = wellFormed(words.get(word));
        int before = tokens.count;
        pipeline.encodeWord(chars, atMost, tokens);
        for (int i = before; i < tokens.count; i++) {
          tokens.words[i] = word;
        }
        if (options.offsets() == OffsetUnit.CODE_POINTS) {
          countCodePoints(chars, tokens, before);
        }
      }
      return tokens;
    }
  }

  /** The text's units, with U+FFFD for each surrogate that has no partner. */
  static char[] wellFormed(String text) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (Character.isHighSurrogate(chars[i])
            && i + 1 < chars.length
            && Character.isLowSurrogate(chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\uFFFD';
        }
      }
    }
    return chars;
  }

  /** Turns the offsets of the tokens from a position on into code points. */
  private static void countCodePoints(char[] chars, Tokens tokens, int from) {
    int[] before = codePointsBefore(chars);
    if (before == null) {
      return;
    }
    for (int i = from; i < tokens.count; i++) {
      tokens.starts[i] = before[tokens.starts[i]];
      tokens.ends[i] = before[tokens.ends[i]];
    }
  }

  /** How many code points stand before each unit; null if every unit is one. */
  private static int[] codePointsBefore(char[] chars) {
    int first = 0;
    while (first < chars.length && !Character.isHighSurrogate(chars[first])) {
      first++;
    }
    if (first == chars.length) {
      return null;
    }
    var before = new int[chars.length + 1];
    int count = 0;
    for (int i = 0; i < chars.length; i++) {
      before[i] = count;
      count += Character.isHighSurrogate(chars[i]) ? 0 : 1;
    }
    before[chars.length] = count;
    return before;
  }
}
