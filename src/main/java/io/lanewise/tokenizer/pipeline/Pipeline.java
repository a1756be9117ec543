package io.lanewise.tokenizer.pipeline;

import io.lanewise.tokenizer.Tokenizer.Word;
import io.lanewise.tokenizer.slow.AlbertPipeline;
import io.lanewise.tokenizer.slow.BertPipeline;
import io.lanewise.tokenizer.slow.RobertaPipeline;
import io.lanewise.tokenizer.slow.SentencePiecePipeline;
import io.lanewise.tokenizer.subword.TokenBuffer;
import io.lanewise.tokenizer.subword.Vocabulary;
import java.util.List;

/** A tokenizer without special tokens around texts: text to tokens, and back. */
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
   * @param atMost the number of tokens from the start that the caller needs at most
   */
  void encode(char[] text, int atMost, TokenBuffer tokens);

  /**
   * Whether the tokens of a text up to a space between two ASCII letters are the first tokens of
   * the whole text. If so, only the beginning of a text that will be truncated has to be encoded.
   */
  default boolean cutsAtSpaces() {
    return false;
  }

  /** Appends the tokens of one word of a text that is already split into words. */
  default void encodeWord(char[] word, int atMost, TokenBuffer tokens) {
    encode(word, atMost, tokens);
  }

  /** The normalized text. Added tokens are treated as text. */
  String normalize(char[] text);

  /** The words that the model splits. Added tokens are treated as text. */
  List<Word> preTokenize(char[] text);

  /** The text of tokens, before the clean-up. */
  String decode(List<String> tokens);

  /**
   * Whether tokens inside a word begin with a mark, such as WordPiece's {@code ##}, so that words
   * can be found from the tokens alone.
   */
  default boolean marksPiecesInsideWords() {
    return false;
  }

  /** All ids and pieces. */
  Vocabulary vocabulary();
}
