package io.lanewise.tokenizer.pipeline;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.Normalization;
import io.lanewise.tokenizer.normalize.Normalizer;
import io.lanewise.tokenizer.split.PreTokenizer;
import io.lanewise.tokenizer.split.SplitText;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.AddedTokens;
import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.OffsetTrim;
import io.lanewise.tokenizer.subword.SubwordModel;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Unigram;
import io.lanewise.tokenizer.subword.Vocabulary;
import io.lanewise.tokenizer.subword.WordLevel;
import io.lanewise.tokenizer.subword.WordPiece;
import java.util.List;

/**
 * The components of a {@code tokenizer.json} in order: added tokens, normalizer, added tokens
 * again, pre-tokenizer, model; and the decoder (TokenizerImpl in tokenizer/mod.rs of Hugging Face's
 * tokenizers library).
 */
public final class ComponentPipeline implements Pipeline {
  private final AddedTokens rawTokens;
  private final AddedTokens normalizedTokens;
  private final Normalization normalization;
  private final PreTokenizer preTokenizer;
  private final boolean cutsAtSpaces;
  private final SubwordModel model;
  private final Decoder decoder;
  private final Vocabulary vocabulary;
  private final OffsetTrim trim;

  /**
   * @param normalizer null for none
   * @param preTokenizer null for none
   * @param decoder null to join tokens with spaces
   * @param trim null to keep offsets unchanged
   */
  ComponentPipeline(
      List<AddedToken> added,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      SubwordModel model,
      Decoder decoder,
      PostProcessor.Trim trim) {
    this(new Added(added, normalizer, false), normalizer, preTokenizer, model, decoder, trim);
  }

  /**
   * The added tokens, and how to search for them.
   *
   * @param normalizer normalizes their contents; it differs from that of the texts if a class
   *     changed that one after the tokens were added
   * @param splitsSpecials {@code split_special_tokens}: special tokens are not searched at all
   */
  public record Added(List<AddedToken> tokens, Normalizer normalizer, boolean splitsSpecials) {
    private List<AddedToken> searched() {
      return tokens.stream().filter(token -> !(splitsSpecials && token.special())).toList();
    }
  }

  /** With a separate normalizer for the added tokens. */
  public ComponentPipeline(
      Added tokens,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      SubwordModel model,
      Decoder decoder,
      PostProcessor.Trim trim) {
    this.normalization = new Normalization(normalizer);
    var tokenNormalization = new Normalization(tokens.normalizer());
    var added = tokens.searched();
    this.rawTokens = AddedTokens.of(added.stream().filter(t -> !t.normalized()).toList());
    this.normalizedTokens =
        AddedTokens.of(
            added.stream()
                .filter(AddedToken::normalized)
                .map(token -> normalizedContent(token, tokenNormalization))
                .toList());
    this.preTokenizer = preTokenizer;
    this.cutsAtSpaces =
        preTokenizer != null
            && preTokenizer.cutsAtSpaces()
            && (normalizer == null || normalizer.cutsAtSpaces())
            && added.stream().noneMatch(token -> token.content().indexOf(' ') >= 0);
    this.model = model;
    this.decoder = decoder == null ? new Decoder.Spaced() : decoder;
    this.vocabulary = Vocabulary.of(model.pieces(), tokens.tokens());
    this.trim = trim == null ? null : new OffsetTrim(trim.addPrefixSpace(), vocabulary);
  }

  /** The token as it appears in a normalized text. */
  private static AddedToken normalizedContent(AddedToken token, Normalization normalization) {
    var normal = new AlignedText(token.content().length() + 16);
    char[] content = token.content().toCharArray();
    normalization.apply(content, 0, content.length, normal);
    return new AddedToken(
        token.id(),
        normal.toString(),
        token.singleWord(),
        token.stripLeft(),
        token.stripRight(),
        true,
        token.special());
  }

  @Override
  public void encode(char[] text, int atMost, TokenBuffer tokens) {
    tokens.trim = trim;
    var normal = new AlignedText(text.length + 16);
    var pieces = new SplitText(normal);
    if (rawTokens.isEmpty()) {
      addSegment(text, 0, text.length, pieces);
    } else {
      rawTokens.find(
          text,
          0,
          text.length,
          (token, from, to) -> {
            if (token == null) {
              addSegment(text, from, to, pieces);
            } else {
              int start = normal.length;
              normal.appendOriginal(text, from, to);
              pieces.add(start, normal.length, token.id());
            }
          });
    }
    var words = preTokenizer == null ? pieces : preTokenizer.apply(pieces);
    var scratch = model.scratch();
    for (int word = 0; word < words.count() && tokens.count < atMost; word++) {
      encodeWord(words, word, tokens, scratch);
    }
  }

  private void addSegment(char[] text, int from, int to, SplitText pieces) {
    var normal = pieces.text;
    int start = normal.length;
    normalization.apply(text, from, to, normal);
    if (normalizedTokens.isEmpty()) {
      pieces.add(start, normal.length);
    } else {
      normalizedTokens.find(
          normal.chars,
          start,
          normal.length,
          (token, first, end) ->
              pieces.add(first, end, token == null ? SplitText.OPEN : token.id()));
    }
  }

  private void encodeWord(
      SplitText words, int word, TokenBuffer tokens, SubwordModel.Scratch scratch) {
    var text = words.text;
    int from = words.from(word);
    int to = words.to(word);
    int id = words.token(word);
    if (id == SplitText.OPEN) {
      model.encode(text, from, to, word, tokens, scratch);
      return;
    }
    int start = text.starts[from];
    int end = text.ends[to - 1];
    String piece = vocabulary.piece(id);
    if (piece.length() == to - from && piece.contentEquals(text.substring(from, to))) {
      tokens.add(id, start, end, word);
    } else {
      tokens.add(id, start, end, word, text.substring(from, to));
    }
  }

  @Override
  public boolean cutsAtSpaces() {
    return cutsAtSpaces;
  }

  @Override
  public String normalize(char[] text) {
    var normal = new AlignedText(text.length + 16);
    normalization.apply(text, 0, text.length, normal);
    return normal.toString();
  }

  @Override
  public List<Word> preTokenize(char[] text) {
    var normal = new AlignedText(text.length + 16);
    normalization.apply(text, 0, text.length, normal);
    var pieces = new SplitText(normal);
    pieces.add(0, normal.length);
    return (preTokenizer == null ? pieces : preTokenizer.apply(pieces)).words();
  }

  @Override
  public String decode(List<String> tokens) {
    return String.join("", decoder.apply(tokens));
  }

  @Override
  public boolean marksPiecesInsideWords() {
    return switch (model) {
      case WordPiece pieces -> pieces.marksPiecesInsideWords();
      case Bpe pairs -> pairs.marksPiecesInsideWords();
      case Unigram _, WordLevel _ -> false;
    };
  }

  /** The model that splits words. */
  public SubwordModel model() {
    return model;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
