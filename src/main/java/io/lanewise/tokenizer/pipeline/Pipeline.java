package io.lanewise.tokenizer.pipeline;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.slow.AlbertPipeline;
import io.lanewise.tokenizer.slow.BertPipeline;
import io.lanewise.tokenizer.slow.RobertaPipeline;
import io.lanewise.tokenizer.slow.SentencePiecePipeline;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.List;

/**
 * The way from a text to tokens without specials, and back: a whole tokenizer but for the frame.
 */
public sealed interface Pipeline
    permits AlbertPipeline,
        BertPipeline,
        ComponentPipeline,
        RobertaPipeline,
        SentencePiecePipeline {
  /**
   * Appends the tokens of a text.
   *
   * @param text UTF-16 without lone surrogates
   * @param atMost the caller looks at no more tokens than this from the start
   */
  void encode(char[] text, int atMost, TokenBuffer tokens);

  /**
   * Whether a text that ends before a space between two ASCII letters has the first tokens of the
   * longer one, so that of a long text that is truncated only the beginning need be read.
   */
  default boolean cutsAtSpaces() {
    return false;
  }

  /** Appends the tokens of one of the words that the caller has split a text into. */
  default void encodeWord(char[] word, int atMost, TokenBuffer tokens) {
    encode(word, atMost, tokens);
  }

  /** The text as the normalizer leaves it, added tokens not looked for. */
  String normalize(char[] text);

  /** The words that the model would be given, added tokens not looked for. */
  List<Word> preTokenize(char[] text);

  /** The text of tokens, before the clean-up. */
  String decode(List<String> tokens);

  /**
   * Whether pieces inside a word are marked as such, as WordPiece marks them with {@code ##}: then
   * words can be told from the pieces alone.
   */
  default boolean marksPiecesInsideWords() {
    return false;
  }

  /** All ids and pieces. */
  Vocabulary vocabulary();
}
