package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.split.ByteAlphabet;
import io.lanewise.tokenizer.split.ByteLevel;
import io.lanewise.tokenizer.split.SplitText;
import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.List;

/**
 * Hugging Face's slow {@code RobertaTokenizer} (tokenization_roberta.py) and similar classes. It
 * differs from the fast one in the space before a text ({@code prepare_for_tokenization}) and in
 * decoding. It has no offsets, so they are not trimmed.
 */
public final class RobertaPipeline implements Pipeline {
  private final Bpe model;
  private final ByteLevel words = new ByteLevel(false, true);
  private final SlowTokens specials;
  private final boolean addPrefixSpace;
  private final boolean spaceOnSpace;
  private final Vocabulary vocabulary;

  /**
   * @param spaceOnSpace whether a space is also put before a text that begins with one or is empty,
   *     as in GPT2Tokenizer.prepare_for_tokenization (tokenization_gpt2.py)
   */
  public RobertaPipeline(
      Bpe model, SlowVocabulary ids, boolean addPrefixSpace, boolean spaceOnSpace) {
    this.model = model;
    this.specials = new SlowTokens(ids);
    this.addPrefixSpace = addPrefixSpace;
    this.spaceOnSpace = spaceOnSpace;
    this.vocabulary = Vocabulary.of(model.pieces(), ids.tokens());
  }

  @Override
  public boolean cutsAtSpaces() {
    return specials.cutAtSpaces();
  }

  @Override
  public void encode(char[] text, int atMost, TokenBuffer tokens) {
    encode(text, addPrefixSpace, atMost, tokens);
  }

  /**
   * A word of a text that is already split always gets a space before it (prepare_for_tokenization
   * with is_split_into_words).
   */
  @Override
  public void encodeWord(char[] word, int atMost, TokenBuffer tokens) {
    encode(word, true, atMost, tokens);
  }

  private void encode(char[] text, boolean prefix, int atMost, TokenBuffer tokens) {
    var scratch = model.scratch();
    var count = new int[1];
    specials.split(
        prepare(text, prefix),
        (token, part) -> {
          if (tokens.count >= atMost) {
            return;
          }
          if (token != null) {
            tokens.add(token.id(), part.starts[0], part.ends[part.length - 1], count[0]++);
            return;
          }
          var pieces = cut(part);
          for (int p = 0; p < pieces.count() && tokens.count < atMost; p++) {
            int word = count[0]++;
            model.encode(pieces.text, pieces.from(p), pieces.to(p), word, tokens, scratch);
          }
        });
  }

  private AlignedText prepare(char[] text, boolean prefix) {
    var prepared = new AlignedText(text.length + 1);
    boolean wanted = spaceOnSpace || (text.length > 0 && !CodePoints.isPythonSpace(text[0]));
    if (prefix && wanted) {
      int first = text.length == 0 ? 0 : Character.charCount(Character.codePointAt(text, 0));
      prepared.append(' ', 0, first);
    }
    prepared.appendOriginal(text, 0, text.length);
    return prepared;
  }

  private SplitText cut(AlignedText part) {
    var pieces = new SplitText(part);
    pieces.add(0, part.length);
    return words.apply(pieces);
  }

  @Override
  public String normalize(char[] text) {
    return prepare(text, addPrefixSpace).toString();
  }

  @Override
  public List<Word> preTokenize(char[] text) {
    return cut(prepare(text, addPrefixSpace)).words();
  }

  @Override
  public String decode(List<String> tokens) {
    return specials.join(tokens, ByteAlphabet::decode);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
