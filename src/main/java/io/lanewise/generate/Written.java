package io.lanewise.generate;

/**
 * One of the sequences of an input, as far as it has been written.
 *
 * @param source {@code input_ids} of its input: what the encoder reads, or the prompt of a decoder
 *     that stands alone; null where only the encoder's states were given
 * @param number among the sequences of its input, beams or drawn ones, from 0 on
 * @param tokens all before the next one, prompt or start token included
 */
record Written(int[] source, int number, int[] tokens) {
  /** How many tokens there are. */
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
