package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.tensor.Shape;
import java.util.Arrays;

/**
 * The last end token of each sequence, whose state stands for the whole sequence.
 *
 * @param rows of the states, [batch]
 */
record DecoderEnds(int[] rows) {
  /**
   * Finds them; every sequence must have as many end tokens as the others, as Hugging Face asks.
   *
   * @param sizes know the end token
   */
  static DecoderEnds read(CheckedInputs request, InputTokens tokens, BartSizes sizes) {
    if (!request.has("input_ids")) {
      throw new InputException(
          "input_ids: they are missing; this head finds its place by their end tokens");
    }
    var shape = Shape.of(tokens.batch(), tokens.length());
    int[] ids = request.integers("input_ids", sizes.vocabulary(), "vocab_size", shape);
    var rows = new int[tokens.batch()];
    var counts = new int[tokens.batch()];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == sizes.end()) {
        rows[i / tokens.length()] = i;
        counts[i / tokens.length()]++;
      }
    }
    if (counts[0] == 0 || Arrays.stream(counts).distinct().count() > 1) {
      throw new InputException(
          "input_ids: each sequence needs the same number of end tokens (eos_token_id "
              + sizes.end()
              + "), at least one; found "
              + Arrays.toString(Arrays.copyOf(counts, Math.min(8, counts.length))));
    }
    return new DecoderEnds(rows);
  }

  /**
   * Their states.
   *
   * @param x [batch * tokens, hidden]
   * @return [batch, hidden], in scratch memory
   */
  Matrix of(Pass pass, Matrix x) {
    var y = pass.matrix(rows.length, x.columns()); // [batch, hidden]
    for (int i = 0; i < rows.length; i++) {
      y.rows(i, 1).copyFrom(x.rows(rows[i], 1));
    }
    return y;
  }
}
