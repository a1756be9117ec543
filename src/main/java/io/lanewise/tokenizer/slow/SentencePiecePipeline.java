package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.sentencepiece.SentencePiece;
import io.lanewise.tokenizer.sentencepiece.SentencePieceSearch;
import io.lanewise.tokenizer.split.SplitText;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The slow tokenizers with few rules besides SentencePiece: XLM-RoBERTa's, CamemBERT's,
 * DeBERTa-v2's and T5's (tokenization_xlm_roberta.py, tokenization_camembert.py,
 * tokenization_deberta_v2.py and tokenization_t5.py in Hugging Face's transformers). They have no
 * offsets; here the range of a piece is that of its characters.
 */
public final class SentencePiecePipeline implements Pipeline {
  private static final char MARK = SentencePiece.SPACE_MARK;

  private final SentencePieceRules rules;
  private final SentencePiece sentencePiece;
  private final SentencePiece unprefixed;
  private final SlowTokens specials;
  private final Set<String> special;
  private final Vocabulary vocabulary;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int unknown;
  private final String unknownToken;
  private final Sampling sampling;

  /**
   * @param pieces the class's vocabulary by id
   * @param unknownToken the content of the unknown token
   * @param sampling sampling of segmentations; null for the best ones
   */
  public SentencePiecePipeline(
      SentencePieceRules rules,
      SentencePiece sentencePiece,
      String[] pieces,
      SlowVocabulary slow,
      String unknownToken,
      Sampling sampling) {
    this.rules = rules;
    this.sentencePiece = sentencePiece;
    this.unprefixed = rules.newer() ? sentencePiece.withoutDummyPrefix() : sentencePiece;
    this.specials = new SlowTokens(slow);
    this.special = slow.special();
    this.vocabulary = Vocabulary.of(pieces, slow.tokens());
    this.unknownToken = unknownToken;
    int unknownId = slow.id(unknownToken);
    this.unknown = unknownId < 0 || rules.ownUnknown() ? sentencePiece.unknown() : unknownId;
    for (int id = pieces.length - 1; id >= 0; id--) {
      if (pieces[id] != null) {
        ids.put(pieces[id], id);
      }
    }
    slow.tokens().forEach(token -> ids.put(token.content(), token.id()));
    this.sampling = sampling;
  }

  @Override
  public void encode(char[] text, int atMost, TokenBuffer tokens) {
    encode(text, false, tokens);
  }

  /**
   * DeBERTa-v2 puts a space before a word of a text that is already split
   * (DebertaV2Tokenizer.prepare_for_tokenization).
   */
  @Override
  public void encodeWord(char[] word, int atMost, TokenBuffer tokens) {
    encode(word, rules.splitPunctuation(), tokens);
  }

  private void encode(char[] text, boolean spaced, TokenBuffer tokens) {
    var words = new MarkedWords();
    var random =
        sampling == null
            ? null
            : new SplittableRandom(
                (sampling.seed() * 31 + tokens.seed) * 31 + Arrays.hashCode(text));
    int before = tokens.count;
    specials.split(
        begin(specials.lower(text, rules.lowerCase()), spaced),
        (token, part) -> {
          if (token == null) {
            encodePart(part, words, tokens, random);
          } else {
            dropLoneMark(tokens, before, token);
            int end = part.ends[part.length - 1];
            tokens.add(token.id(), part.starts[0], end, words.ofToken());
          }
        });
  }

  /**
   * T5 with {@code legacy=False} (T5Tokenizer.tokenize in tokenization_t5.py): marks in the text
   * become spaces, and one mark is put before the whole text.
   */
  private AlignedText begin(AlignedText text, boolean spaced) {
    if (text.length == 0 || !(rules.newer() || spaced)) {
      return text;
    }
    var begun = new AlignedText(text.length + 1);
    if (spaced) {
      begun.append(' ', text.starts[0], text.ends[0]);
    } else if (rules.prefixSpace()) {
      begun.append(MARK, text.starts[0], text.ends[0]);
    }
    int from = begun.length;
    begun.append(text, 0, text.length);
    for (int i = from; rules.newer() && i < begun.length; i++) {
      if (begun.chars[i] == MARK) {
        begun.chars[i] = ' ';
      }
    }
    return begun;
  }

  /**
   * T5 with {@code legacy=False} (T5Tokenizer.tokenize): a single mark before a special token is
   * removed.
   */
  private void dropLoneMark(TokenBuffer tokens, int before, AddedToken next) {
    if (rules.newer()
        && next.special()
        && tokens.count == before + 1
        && String.valueOf(MARK).equals(text(tokens, before))) {
      tokens.count--;
    }
  }

  private String text(TokenBuffer tokens, int position) {
    String surface = tokens.surface(position);
    return surface == null ? vocabulary.piece(tokens.ids[position]) : surface;
  }

  private void encodePart(
      AlignedText part, MarkedWords words, TokenBuffer tokens, SplittableRandom random) {
    if (!rules.splitPunctuation()) {
      encodePiece(part, words, tokens, random);
      return;
    }
    int start = 0;
    for (int i = 0; i < part.length; ) {
      int c = part.codePointAt(i);
      int next = i + Character.charCount(c);
      if (CodePoints.isPunctuation(c) || CodePoints.isAsciiPunctuation(c)) {
        encodeRange(part, start, i, words, tokens, random);
        encodeRange(part, i, next, words, tokens, random);
        start = next;
      }
      i = next;
    }
    encodeRange(part, start, part.length, words, tokens, random);
  }

  private void encodeRange(
      AlignedText part,
      int from,
      int to,
      MarkedWords words,
      TokenBuffer tokens,
      SplittableRandom random) {
    if (from < to) {
      var range = new AlignedText(to - from);
      range.append(part, from, to);
      encodePiece(range, words, tokens, random);
    }
  }

  private void encodePiece(
      AlignedText part, MarkedWords words, TokenBuffer tokens, SplittableRandom random) {
    boolean spaced = part.length > 0 && (part.chars[0] == MARK || part.chars[0] == ' ');
    if (!rules.newer() || !spaced) {
      add(part, 0, words, tokens, random);
      return;
    }
    // T5Tokenizer._tokenize: SentencePiece would strip the space, so the unknown token's text is
    // put before it, and its pieces are removed afterwards.
    var prefixed = new AlignedText(part.length + unknownToken.length());
    for (int i = 0; i < unknownToken.length(); i++) {
      prefixed.append(unknownToken.charAt(i), part.starts[0], part.ends[0]);
    }
    prefixed.append(part, 0, part.length);
    var alone = new AlignedText(unknownToken.length());
    alone.append(prefixed, 0, unknownToken.length());
    var counted = new int[1];
    segment(normal(alone), null, (id, from, to) -> counted[0]++);
    add(prefixed, counted[0], words, tokens, random);
  }

  private void add(
      AlignedText part, int skip, MarkedWords words, TokenBuffer tokens, SplittableRandom random) {
    var normal = normal(part);
    var seen = new int[1];
    segment(
        normal,
        random,
        (id, from, to) -> {
          if (seen[0]++ >= skip) {
            boolean unknownPiece = id == sentencePiece.unknown();
            String text = unknownPiece ? normal.substring(from, to) : sentencePiece.pieces()[id];
            int known = ids.getOrDefault(text, unknown);
            int word = words.of(normal.chars[from] == MARK);
            int start = normal.starts[from];
            int end = normal.ends[to - 1];
            if (unknownPiece && known == unknown) {
              tokens.add(known, start, end, word, text);
            } else {
              tokens.add(known, start, end, word);
            }
          }
        });
  }

  private AlignedText normal(AlignedText part) {
    var normal = new AlignedText(part.length + 16);
    unprefixed.normalize(part, normal);
    MarkedWords.align(normal);
    return normal;
  }

  private void segment(
      AlignedText normal, SplittableRandom random, SentencePieceSearch.Listener listener) {
    if (random == null) {
      unprefixed.segment(normal, listener);
    } else {
      unprefixed.sample(normal, sampling, random, listener);
    }
  }

  @Override
  public String normalize(char[] text) {
    return whole(text).toString();
  }

  private AlignedText whole(char[] text) {
    var part = new AlignedText(text.length);
    part.appendOriginal(text, 0, text.length);
    return normal(begin(part, false));
  }

  @Override
  public List<Word> preTokenize(char[] text) {
    var pieces = new SplitText(whole(text));
    pieces.add(0, pieces.text.length);
    return pieces.words();
  }

  @Override
  public String decode(List<String> tokens) {
    return specials.join(tokens, this::decodeRun);
  }

  private String decodeRun(List<String> tokens) {
    if (!rules.spareSpecials()) {
      return String.join("", tokens).replace(MARK, ' ').strip();
    }
    return sentencePiece.join(tokens, special);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
