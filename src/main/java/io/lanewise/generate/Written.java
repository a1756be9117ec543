package io.lanewise.generate;

/**
 * A sequence of an input so far.
 *
 * @param source {@code input_ids} of its input: the encoder's text, or the prompt of a decoder
 *     without an encoder; null if only the encoder's states were given
 * @param number among the sequences (beams or samples) of its input, from 0 on
 * @param tokens all tokens so far, prompt or start token included
 */
record Written(int[] source, int number, int[] tokens) {
  /** Number of tokens. */
  int length() {
    return tokens.length;
  }

  /** Whether the last tokens are the first {@code count} ones of this run. */
  boolean endsWith(java.util.List<Integer> run, int count) {
    int from = tokens.length - count;
    if (from < 0) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (tokens[from + i] != run.get(i)) {
        return false;
      }
    }
    return true;
  }
}
