package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import io.lanewise.tokenizer.subword.WordPiece;
import java.util.ArrayList;
import java.util.List;

/**
 * Hugging Face's slow {@code BertTokenizer} ({@code _tokenize} in tokenization_bert.py). It has no
 * offsets; here the range of a token is that of its characters.
 */
public final class BertPipeline implements Pipeline {
  private final WordPiece model;
  private final BertRules rules;
  private final SlowTokens specials;
  private final Vocabulary vocabulary;

  public BertPipeline(WordPiece model, BertRules rules, SlowVocabulary ids) {
    this.model = model;
    this.rules = rules;
    this.specials = new SlowTokens(ids);
    this.vocabulary = Vocabulary.of(model.pieces(), ids.tokens());
  }

  @Override
  public boolean cutsAtSpaces() {
    return specials.cutAtSpaces();
  }

  @Override
  public void encode(char[] text, int atMost, TokenBuffer tokens) {
    var words = new int[1];
    specials.split(
        specials.lower(text, rules.lowerCase()),
        (token, part) -> {
          if (tokens.count >= atMost) {
            return;
          }
          if (token == null) {
            rules.words(
                part,
                (aligned, from, to) ->
                    model.encode(aligned, from, to, words[0]++, tokens, model.scratch()));
          } else {
            tokens.add(token.id(), part.starts[0], part.ends[part.length - 1], words[0]++);
          }
        });
  }

  @Override
  public String normalize(char[] text) {
    return String.join(" ", preTokenize(text).stream().map(Word::text).toList());
  }

  @Override
  public List<Word> preTokenize(char[] text) {
    var found = new ArrayList<Word>();
    var all = new AlignedText(text.length);
    all.appendOriginal(text, 0, text.length);
    var lowered = all;
    if (rules.lowerCase()) {
      lowered = new AlignedText(text.length);
      AlbertRules.lowerEach(all, lowered);
    }
    rules.words(
        lowered,
        (part, from, to) ->
            found.add(new Word(part.substring(from, to), part.starts[from], part.ends[to - 1])));
    return found;
  }

  @Override
  public String decode(List<String> tokens) {
    return specials.join(tokens, run -> strip(String.join(" ", run).replace(" ##", "")));
  }

  /** Python's {@code str.strip}. */
  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && CodePoints.isPythonSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && CodePoints.isPythonSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }
}
