package io.lanewise.task.sentence;

import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;

/**
 * What a pass gives for each token of a batch: states, or scores of words.
 *
 * @param values all rows
 * @param width numbers of a token
 * @param first the row of the first token of each text
 * @param tokens of each text
 */
public record TokenStates(float[] values, int width, int[] first, int[] tokens) {
  /**
   * Those of the texts' tokens, one text after the other.
   *
   * @param states [tokens of all texts, width]
   */
  static TokenStates unpadded(Tensor states, List<Encoding> batch) {
    int[] tokens = tokens(batch);
    var first = new int[tokens.length];
    for (int row = 1; row < tokens.length; row++) {
      first[row] = first[row - 1] + tokens[row - 1];
    }
    return new TokenStates(states.floats(), states.shape().size(1), first, tokens);
  }

  /**
   * Those of texts and of the padding behind them.
   *
   * @param states [batch, tokens, width]
   */
  static TokenStates padded(Tensor states, List<Encoding> batch) {
    int length = states.shape().size(1);
    int[] tokens = tokens(batch);
    var first = new int[tokens.length];
    Arrays.setAll(first, row -> row * length);
    return new TokenStates(states.floats(), states.shape().size(2), first, tokens);
  }

  private static int[] tokens(List<Encoding> batch) {
    return batch.stream().mapToInt(Encoding::length).toArray();
  }

  /** Where the numbers of a text begin in {@link #values}. */
  int offset(int text) {
    return first[text] * width;
  }

  /** The numbers of a text, [tokens * width]. */
  public float[] of(int text) {
    int from = offset(text);
    return Arrays.copyOfRange(values, from, from + tokens[text] * width);
  }
}
