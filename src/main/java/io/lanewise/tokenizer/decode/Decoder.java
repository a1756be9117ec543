package io.lanewise.tokenizer.decode;

import io.lanewise.tokenizer.normalize.Growth;
import io.lanewise.tokenizer.normalize.Literal;
import io.lanewise.tokenizer.split.ByteAlphabet;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.RegexPattern;
import io.lanewise.tokenizer.subword.ByteFallback;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns tokens back into text: the {@code decoder} of tokenizer.json (decoders/*.rs in Hugging
 * Face's tokenizers library).
 */
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
  /** The decoded parts; the text is their concatenation. */
  List<String> apply(List<String> tokens);

  /**
   * The same as one step of a sequence.
   *
   * @param growth limit for the length of the parts
   */
  default List<String> apply(List<String> tokens, Growth growth) {
    return apply(tokens);
  }

  /**
   * {@code Metaspace} (pre_tokenizers/metaspace.rs): replaces the mark by a space; in the first
   * token it is removed.
   */
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

  /**
   * Used if there is no decoder: tokens separated by spaces ({@code Tokenizer::decode} in
   * tokenizer/mod.rs).
   */
  record Spaced() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(String.join(" ", tokens));
    }
  }

  /** {@code Sequence} (decoders/sequence.rs). */
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
   * {@code WordPiece} (decoders/wordpiece.rs): a space before each token but the first, unless the
   * token continues a word.
   *
   * @param prefix mark of a token inside a word
   * @param cleanUp remove the space before punctuation and in contractions, token by token
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
        // cleanup in decoders/wordpiece.rs has one more contraction than clean_up_tokenization in
        // tokenization_utils_base.py.
        parts.add(cleanUp ? CleanUp.apply(part).replace(" do not", " don't") : part);
      }
      return parts;
    }
  }

  /**
   * {@code ByteLevel} (pre_tokenizers/byte_level.rs): the bytes that the characters of the {@link
   * ByteAlphabet} represent.
   */
  record ByteLevelDecoder() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(ByteAlphabet.decode(tokens));
    }
  }

  /**
   * {@code BPEDecoder} (decoders/bpe.rs): replaces the mark at the end of a word by a space; in the
   * last token it is removed.
   */
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

  /** {@code Fuse} (decoders/fuse.rs): joins all tokens. */
  record Fuse() implements Decoder {
    @Override
    public List<String> apply(List<String> tokens) {
      return List.of(String.join("", tokens));
    }
  }

  /** {@code Replace} (normalizers/replace.rs) with a literal pattern, in each token. */
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
   * {@code Strip} (decoders/strip.rs): removes a character from the ends of each token.
   *
   * @param atStart how often at most at the start
   * @param atStop how often at most at the end
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
