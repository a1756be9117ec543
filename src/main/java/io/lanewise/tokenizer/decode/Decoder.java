package io.lanewise.tokenizer.decode;

import io.lanewise.tokenizer.normalize.Growth;
import io.lanewise.tokenizer.normalize.Literal;
import io.lanewise.tokenizer.split.ByteAlphabet;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.RegexPattern;
import io.lanewise.tokenizer.subword.ByteFallback;
import java.util.ArrayList;
import java.util.List;

/** Turns tokens back into text: the {@code decoder} of tokenizer.json. */
public sealed interface Decoder
    permits ByteFallback,
        Decoder.BpeSuffix,
        Decoder.ByteLevelDecoder,
        Decoder.Fuse,
        Decoder.Metaspace,
        Decoder.Replace,
        Decoder.ReplaceExpression,
        Decoder.Sequence,
        Decoder.Spaced,
        Decoder.Strip,
        Decoder.WordPieceDecoder {
  /** The parts that the tokens become; the text is all of them together. */
  List<String> apply(List<String> tokens);

  /**
   * The same as a step of several.
   *
   * @param growth what the parts may take
   */
  default List<String> apply(List<String> tokens, Growth growth) {
    return apply(tokens);
  }

  /** {@code Metaspace}: the mark is a space again, but not in the first token. */
  record Metaspace(char mark, PreTokenizer.Prepend prepend) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      var parts = new ArrayList<String>(tokens.size());
      for (int i = 0; i < tokens.size(); i++) {
        boolean drop = i == 0 && prepend != PreTokenizer.Prepend.NEVER;
        parts.add(tokens.get(i).replace(String.valueOf(mark), drop ? "" : " "));
      }
      return parts;
    }
  }

  /** What stands in for a missing decoder: tokens with spaces between. */
  record Spaced() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(String.join(" ", tokens));
    }
  }

  /** {@code Sequence}. */
  record Sequence(List<Decoder> steps) implements Decoder {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public List<String> apply(List<String> tokens) {
      var now = tokens;
      var growth = Growth.of(length(tokens));
      for (var step : steps) {
        now = step.apply(now, growth.again());
      }
      return now;
    }

    private static long length(List<String> tokens) {
      return tokens.stream().mapToLong(String::length).sum();
    }
  }

  /**
   * {@code WordPiece}: a space before each token but the first, unless it goes on with a word.
   *
   * @param prefix what marks a token inside a word
   * @param cleanUp take the space before punctuation and in contractions away, token by token
   */
  record WordPieceDecoder(String prefix, boolean cleanUp) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      var parts = new ArrayList<String>(tokens.size());
      for (String token : tokens) {
        String part = token;
        if (!parts.isEmpty()) {
          part = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }
        // The Rust library knows one contraction that the Python one does not.
        parts.add(cleanUp ? CleanUp.apply(part).replace(" do not", " don't") : part);
      }
      return parts;
    }
  }

  /** {@code ByteLevel}: the bytes that the characters of a {@link ByteAlphabet} stand for. */
  record ByteLevelDecoder() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(ByteAlphabet.decode(tokens));
    }
  }

  /** {@code BPEDecoder}: the mark at a word's end is a space, and nothing in the last token. */
  record BpeSuffix(String suffix, Literal literal) implements Decoder {
    public BpeSuffix(String suffix) {
      this(suffix, new Literal(suffix));
    }

    @Override
    public List<String> apply(List<String> tokens) {
      var growth = Growth.of(tokens.stream().mapToLong(String::length).sum());
      var parts = new ArrayList<String>(tokens.size());
      for (String token : tokens) {
        boolean last = parts.size() == tokens.size() - 1;
        parts.add(literal.replace(token, last ? "" : " ", growth));
      }
      return parts;
    }
  }

  /** {@code Fuse}: all tokens become one. */
  record Fuse() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(String.join("", tokens));
    }
  }

  /** {@code Replace} with a literal pattern, in each token. */
  record Replace(Literal pattern, String content) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return apply(tokens, Growth.of(tokens.stream().mapToLong(String::length).sum()));
    }

    @Override
    public List<String> apply(List<String> tokens, Growth growth) {
      return tokens.stream().map(token -> pattern.replace(token, content, growth)).toList();
    }
  }

  /** {@code Replace} with a regular expression, in each token. */
  record ReplaceExpression(RegexPattern pattern, String content) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return tokens.stream().map(this::replaced).toList();
    }

    private String replaced(String token) {
      var text = new StringBuilder();
      var done = new int[1];
      if (token.isEmpty()) {
        return token;
      }
      pattern.each(
          token.toCharArray(),
          0,
          token.length(),
          (start, end) -> {
            text.append(token, done[0], start).append(content);
            done[0] = end;
          });
      return text.append(token, done[0], token.length()).toString();
    }
  }

  /**
   * {@code Strip}: takes a character off the ends of each token.
   *
   * @param atStart at most so often at its start
   * @param atStop at most so often at its end
   */
  record Strip(char content, int atStart, int atStop) implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return tokens.stream().map(this::strip).toList();
    }

    private String strip(String token) {
      int from = 0;
      int to = token.length();
      while (from < to && from < atStart && token.charAt(from) == content) {
        from++;
      }
      for (int n = 0; n < atStop && to > from && token.charAt(to - 1) == content; n++) {
        to--;
      }
      return token.substring(from, to);
    }
  }
}
