package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import io.lanewise.tokenizer.sentencepiece.SentencePieceSearch;
import io.lanewise.tokenizer.split.SplitText;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.AddedTokens;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Hugging Face's slow {@code AlbertTokenizer} (tokenization_albert.py), from its {@code
 * spiece.model} alone.
 *
 * <p>Steps: lower case outside of special tokens and a split at special tokens ({@code
 * PreTrainedTokenizer.tokenize} in tokenization_utils.py); then for each part the rules of {@code
 * preprocess_text}, SentencePiece, and the special rule of {@code _tokenize} for numbers that end
 * with a comma. The slow tokenizer has no offsets; here the range of a piece is that of its
 * characters, and a word mark has the range of the character after it, as in the fast tokenizer.
 */
public final class AlbertPipeline implements Pipeline {
  private static final char MARK = SentencePiece.SPACE_MARK;

  private final SentencePiece sentencePiece;
  private final AlbertRules rules;
  private final AddedTokens specialTokens;
  private final AddedTokens addedTokens;
  private final SlowTokens specials;
  private final SlowVocabulary ids;
  private final Vocabulary vocabulary;
  private final int[] idOf;
  private final Sampling sampling;
  private final boolean cutsAtSpaces;

  /**
   * @param sampling sampling of segmentations; null for the best ones
   */
  public AlbertPipeline(
      SentencePiece sentencePiece, AlbertRules rules, SlowVocabulary ids, Sampling sampling) {
    var added = ids.tokens();
    this.ids = ids;
    this.specials = new SlowTokens(ids);
    this.sampling = sampling;
    this.sentencePiece = sentencePiece;
    this.rules = rules;
    this.addedTokens = AddedTokens.of(added);
    // Not converted to lower case: special tokens, and tokens that are searched in the normalized
    // text.
    this.specialTokens =
        AddedTokens.of(
            added.stream()
                .filter(t -> t.special() || t.normalized())
                .map(AddedToken::plain)
                .toList());
    // A piece that is also an added token has the id of that token.
    this.idOf = Arrays.stream(sentencePiece.pieces()).mapToInt(ids::id).toArray();
    this.vocabulary = Vocabulary.of(sentencePiece.pieces(), added);
    // Sums go from left to right, so a later word can only change a piece that crosses the space;
    // with sampling the result depends on the whole text.
    this.cutsAtSpaces =
        sampling == null
            && sentencePiece.marksBeginWords()
            && added.stream().noneMatch(t -> t.content().indexOf(' ') >= 0);
  }

  @Override
  public boolean cutsAtSpaces() {
    return cutsAtSpaces;
  }

  @Override
  public void encode(char[] text, int atMost, TokenBuffer tokens) {
    var lowered = new AlignedText(text.length + 16);
    if (rules.lowerCase()) {
      specialTokens.find(
          text,
          0,
          text.length,
          (token, from, to) -> {
            if (token == null) {
              var part = new AlignedText(to - from);
              part.appendOriginal(text, from, to);
              AlbertRules.lowerEach(part, lowered);
            } else {
              lowered.appendOriginal(text, from, to);
            }
          });
    } else {
      lowered.appendOriginal(text, 0, text.length);
    }
    var words = new MarkedWords();
    var random = sampling == null ? null : random(text, tokens.seed);
    addedTokens.find(
        lowered.chars,
        0,
        lowered.length,
        (token, from, to) -> {
          if (tokens.count >= atMost) {
            return;
          }
          if (token == null) {
            var part = new AlignedText(to - from);
            part.append(lowered, from, to);
            encodePart(part, words, tokens, random);
          } else {
            tokens.add(token.id(), lowered.starts[from], lowered.ends[to - 1], words.ofToken());
          }
        });
  }

  private void encodePart(
      AlignedText part, MarkedWords words, TokenBuffer tokens, SplittableRandom random) {
    var prepared = rules.prepare(part);
    var normal = new AlignedText(prepared.length + 16);
    sentencePiece.normalize(prepared, normal);
    MarkedWords.align(normal);
    segment(
        normal,
        random,
        (id, from, to) -> {
          if (to - from > 1 && normal.chars[to - 1] == ',' && endsWithDigit(normal, from, to - 1)) {
            encodeNumber(normal, from, to, words, tokens, random);
          } else {
            add(id, normal, from, to, words, tokens);
          }
        });
  }

  private void segment(
      AlignedText normal, SplittableRandom random, SentencePieceSearch.Listener listener) {
    if (random == null) {
      sentencePiece.segment(normal, listener);
    } else {
      sentencePiece.sample(normal, sampling, random, listener);
    }
  }

  /** Samples depend on the two seeds and on the text. */
  private SplittableRandom random(char[] text, long seed) {
    return new SplittableRandom((sampling.seed() * 31 + seed) * 31 + Arrays.hashCode(text));
  }

  private static boolean endsWithDigit(AlignedText text, int from, int to) {
    return AlbertRules.isDigit(Character.codePointBefore(text.chars, to, from));
  }

  private void add(
      int id, AlignedText text, int from, int to, MarkedWords words, TokenBuffer tokens) {
    int word = words.of(text.chars[from] == MARK);
    if (id == sentencePiece.unknown()) {
      tokens.add(idOf[id], text.starts[from], text.ends[to - 1], word, text.substring(from, to));
    } else {
      tokens.add(idOf[id], text.starts[from], text.ends[to - 1], word);
    }
  }

  /**
   * {@code ▁9,9,} becomes {@code ▁9 ,} and not a piece that contains the comma
   * (AlbertTokenizer._tokenize in tokenization_albert.py).
   */
  private void encodeNumber(
      AlignedText normal,
      int from,
      int to,
      MarkedWords words,
      TokenBuffer tokens,
      SplittableRandom random) {
    var digits = new AlignedText(to - from);
    for (int i = from; i < to - 1; i++) {
      if (normal.chars[i] != MARK) {
        digits.append(normal, i, i + 1);
      }
    }
    var again = new AlignedText(digits.length + 2);
    sentencePiece.normalize(digits, again);
    boolean dropMark = normal.chars[from] != MARK && again.length > 0 && again.chars[0] == MARK;
    segment(
        again,
        random,
        (id, first, end) -> {
          if (first > 0 || !dropMark) {
            add(id, again, first, end, words, tokens);
          } else if (end > 1) {
            add(sentencePiece.id(again.chars, 1, end), again, 1, end, words, tokens);
          }
        });
    add(sentencePiece.id(normal.chars, to - 1, to), normal, to - 1, to, words, tokens);
  }

  @Override
  public String normalize(char[] text) {
    return normal(text).toString();
  }

  private AlignedText normal(char[] text) {
    var part = new AlignedText(text.length);
    part.appendOriginal(text, 0, text.length);
    var prepared = rules.prepare(part);
    var normal = new AlignedText(prepared.length + 16);
    sentencePiece.normalize(prepared, normal);
    MarkedWords.align(normal);
    return normal;
  }

  @Override
  public List<Word> preTokenize(char[] text) {
    var pieces = new SplitText(normal(text));
    pieces.add(0, pieces.text.length);
    return pieces.words();
  }

  @Override
  public String decode(List<String> tokens) {
    return specials.join(tokens, run -> sentencePiece.join(run, ids.special()));
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
