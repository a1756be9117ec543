package io.lanewise.nn;

/** The rows of the position embeddings that tokens take when the caller names none. */
public final class PositionIds {
  private PositionIds() {}

  /**
   * Counts on in every sequence: {@code first}, {@code first + 1}, …
   *
   * @param first of the first token; with cached tokens before it, how many there are
   * @return [batch * tokens]
   */
  public static int[] counting(int batch, int tokens, int first) {
    var positions = new int[Math.multiplyExact(batch, tokens)];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = first + i % tokens;
    }
    return positions;
  }

  /**
   * Counts the tokens that are no padding, from {@code padding + 1}; all padding stays at {@code
   * padding}, whose embedding is zero in training. Fairseq's {@code make_positions}, Hugging Face's
   * {@code create_position_ids_from_input_ids}. The ids alone decide, not the attention mask.
   *
   * @param ids [batch * tokens]
   * @param padding id of the padding token
   * @param past cached tokens before these; all of them count, padding too
   * @return [batch * tokens]
   */
  public static int[] skippingPadding(int[] ids, int batch, int padding, int past) {
    int tokens = ids.length / batch;
    var positions = new int[ids.length];
    for (int b = 0; b < batch; b++) {
      int last = padding + past;
      for (int i = b * tokens; i < (b + 1) * tokens; i++) {
        positions[i] = ids[i] == padding ? padding : ++last;
      }
    }
    return positions;
  }
}
