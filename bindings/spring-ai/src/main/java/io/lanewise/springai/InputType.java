package io.lanewise.springai;

/**
 * What a text is, for models that were trained with a different beginning for each: the folder's
 * prompts are chosen by it, as {@code encode_query} and {@code encode_document} of
 * sentence-transformers choose them.
 *
 * <pre>{@code
 * var options = LanewiseEmbeddingOptions.builder().inputType(InputType.QUERY).build();
 * }</pre>
 */
public enum InputType {
  /** Something that is searched for. */
  QUERY,
  /** Something that is found. */
  DOCUMENT
}
