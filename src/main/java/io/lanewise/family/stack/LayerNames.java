package io.lanewise.family.stack;

/**
 * What a family calls the parts of a layer, inside {@code layer.N}.
 *
 * @param attention the place of query, key and value
 * @param query inside it; key and value likewise
 * @param output the projection behind the attention, inside the layer as all that follow
 * @param attentionNorm behind that
 * @param in the first feed-forward layer
 * @param out the second one
 * @param norm behind that
 * @param crossNorm of cross attention, whose other parts are BERT's in every family that has it
 * @param normsFirst whether a norm stands before its part instead of behind the sum; then there is
 *     one more behind the last layer, {@code LayerNorm} beside the layers
 */
public record LayerNames(
    String attention,
    String query,
    String key,
    String value,
    String output,
    String attentionNorm,
    String in,
    String out,
    String norm,
    String crossNorm,
    boolean normsFirst) {
  /** {@code BertLayer}. */
  public static final LayerNames BERT =
      new LayerNames(
          "attention.self",
          "query",
          "key",
          "value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm",
          "crossattention.output.LayerNorm",
          false);
}
