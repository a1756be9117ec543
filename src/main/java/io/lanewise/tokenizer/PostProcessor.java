package io.lanewise.tokenizer;

/**
 * What is done with the tokens of one text or two: the {@code post_processor} of tokenizer.json.
 *
 * @param template the special tokens around them
 * @param trim how ranges are trimmed, null for not
 */
record PostProcessor(Template template, Trim trim) {
  /**
   * {@code trim_offsets}.
   *
   * @param addPrefixSpace whether a space may have been put before the text
   */
  record Trim(boolean addPrefixSpace) {}

  /** None at all. */
  static final PostProcessor NONE = new PostProcessor(Template.BARE, null);
}
