package io.lanewise.tokenizer.pipeline;

import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import io.lanewise.tokenizer.subword.TokenBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** An input to encode: a text, or words that are already split. */
public sealed interface Input {
  /** Appends the tokens. */
  TokenBuffer tokens(Pipeline pipeline, int atMost, EncodeOptions options);

  /** A running text. */
  record Text(String text) implements Input {
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public TokenBuffer tokens(Pipeline pipeline, int atMost, EncodeOptions options) {
      char[] chars = wellFormed(text);
      var tokens = new TokenBuffer(Math.min(atMost, chars.length / 3) + 8);
      tokens.seed = options.seed();
      if (!encodeBeginning(pipeline, chars, atMost, tokens)) {
        pipeline.encode(chars, atMost, tokens);
      }
      if (options.offsets() == OffsetUnit.CODE_POINTS) {
        countCodePoints(chars, tokens, 0);
      } else {
        tokens.countsUnitsOf(chars);
      }
      return tokens;
    }
  }

  /** The length of the first attempt for each requested token, in UTF-16 units. */
  int UNITS_A_TOKEN = 8;

  /**
   * Encodes only the beginning of a text, as long as necessary for the requested number of tokens;
   * doubles the length at each attempt. Returns false, without tokens, if the whole text is needed
   * or if this is impossible.
   */
  private static boolean encodeBeginning(
      Pipeline pipeline, char[] chars, int atMost, TokenBuffer tokens) {
    if (!pipeline.cutsAtSpaces()) {
      return false;
    }
    for (long size = 64 + (long) atMost * UNITS_A_TOKEN; size < chars.length / 2; size *= 2) {
      int end = cut(chars, (int) size);
      if (end > 0) {
        tokens.clear();
        pipeline.encode(Arrays.copyOf(chars, end), atMost, tokens);
        if (tokens.count >= atMost) {
          return true;
        }
      }
    }
    tokens.clear();
    return false;
  }

  /** The last space between two ASCII letters in the second half of [0, to); 0 if there is none. */
  private static int cut(char[] chars, int to) {
    for (int i = to - 1; i > to / 2; i--) {
      if (chars[i] == ' ' && isLetter(chars[i - 1]) && isLetter(chars[i + 1])) {
        return i;
      }
    }
    return 0;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Words; offsets are within the word, and a word's index is its word id. */
  record Words(List<String> words) implements Input {
    public Words {
      words = List.copyOf(words);
    }

    @Override
    public TokenBuffer tokens(Pipeline pipeline, int atMost, EncodeOptions options) {
      var tokens = new TokenBuffer(Math.min(atMost, words.size() * 2) + 8);
      tokens.seed = options.seed();
      boolean units = options.offsets() != OffsetUnit.CODE_POINTS;
      var sources = new char[units ? words.size() : 0][];
      for (int word = 0; word < words.size() && tokens.count < atMost; word++) {
        char[] chars = wellFormed(words.get(word));
        int before = tokens.count;
        pipeline.encodeWord(chars, atMost, tokens);
        for (int i = before; i < tokens.count; i++) {
          tokens.words[i] = word;
        }
        if (units) {
          sources[word] = chars;
        } else {
          countCodePoints(chars, tokens, before);
        }
      }
      if (units) {
        tokens.countsUnitsOf(sources);
      }
      return tokens;
    }
  }

  /** The units of a text, with U+FFFD for each lone surrogate. */
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

  /** Converts the offsets of the tokens from a position on to code points. */
  private static void countCodePoints(char[] chars, TokenBuffer tokens, int from) {
    int[] before = codePointsBefore(chars);
    if (before == null) {
      return;
    }
    for (int i = from; i < tokens.count; i++) {
      tokens.starts[i] = before[tokens.starts[i]];
      tokens.ends[i] = before[tokens.ends[i]];
    }
  }

  /** The number of code points before each unit; null if every unit is a code point. */
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
