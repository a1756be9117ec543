package io.lanewise.tokenizer.pipeline;

/**
 * What is done with the tokens of one text or two: the {@code post_processor} of tokenizer.json.
 *
 * @param template the special tokens around them
 * @param trim how ranges are trimmed, null for not
 */
public record PostProcessor(Template template, Trim trim) {
  /**
   * {@code trim_offsets}.
   *
   * @param addPrefixSpace whether a space may have been put before the text
   */
  public record Trim(boolean addPrefixSpace) {}

  /** None at all. */
  public static final PostProcessor NONE = new PostProcessor(Template.BARE, null);
}
