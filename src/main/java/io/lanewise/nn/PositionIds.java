package io.lanewise.nn;

/** Default position ids: the rows of the position embeddings, if the caller gives none. */
public final class PositionIds {
  private PositionIds() {}

  /**
   * Consecutive positions in every sequence: {@code first}, {@code first + 1}, …
   *
   * @param first the position of the first token, which is the number of cached tokens before it
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
   * The same for sequences of different lengths.
   *
   * @param starts the first row of each sequence, then the number of rows
   * @return [rows]
   */
  public static int[] counting(int[] starts, int first) {
    int sequences = starts.length - 1;
    var positions = new int[starts[sequences]];
    for (int b = 0; b < sequences; b++) {
      for (int i = starts[b]; i < starts[b + 1]; i++) {
        positions[i] = first + i - starts[b];
      }
    }
    return positions;
  }

  /**
   * Counts the tokens that are not padding, from {@code padding + 1}; padding has the position
   * {@code padding}, whose embedding is zero in training. The rule is {@code
   * create_position_ids_from_input_ids} in Hugging Face's modeling_roberta.py, from fairseq's
   * {@code make_positions}. It depends on the ids only, not on the attention mask.
   *
   * @param ids [rows]
   * @param starts the first row of each sequence, then the number of rows
   * @param padding id of the padding token
   * @param past cached tokens before these; all of them count, padding included
   * @return [rows]
   */
  public static int[] skippingPadding(int[] ids, int[] starts, int padding, int past) {
    var positions = new int[ids.length];
    for (int b = 0; b + 1 < starts.length; b++) {
      int last = padding + past;
      for (int i = starts[b]; i < starts[b + 1]; i++) {
        positions[i] = ids[i] == padding ? padding : ++last;
      }
    }
    return positions;
  }
}
