package io.lanewise.tokenizer;

import java.util.List;

/**
 * The way from a text to tokens without specials, and back: a whole tokenizer but for the frame.
 */
sealed interface Pipeline permits ComponentPipeline, AlbertPipeline {
  /**
   * Appends the tokens of a text.
   *
   * @param text UTF-16 without lone surrogates
   * @param atMost the caller looks at no more tokens than this from the start
   */
  void encode(char[] text, int atMost, Tokens tokens);

  /** The text of tokens, before the clean-up. */
  String decode(List<String> tokens);

  /** All ids and pieces. */
  Vocabulary vocabulary();
}
