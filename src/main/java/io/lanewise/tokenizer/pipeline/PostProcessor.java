package io.lanewise.tokenizer.pipeline;

/**
 * The {@code post_processor} of tokenizer.json (processors/*.rs in Hugging Face's tokenizers
 * library).
 *
 * @param template the special tokens around one text or two
 * @param trim trimming of offsets; null for none
 */
public record PostProcessor(Template template, Trim trim) {
  /**
   * {@code trim_offsets}.
   *
   * @param addPrefixSpace whether a space may have been put before the text
   */
  public record Trim(boolean addPrefixSpace) {}

  /** No post-processor. */
  public static final PostProcessor NONE = new PostProcessor(Template.BARE, null);
}
