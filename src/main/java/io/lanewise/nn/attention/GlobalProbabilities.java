package io.lanewise.nn.attention;

import io.lanewise.kernel.TokenRoles;
import io.lanewise.memory.Matrix;
import io.lanewise.tensor.Tensor;

/**
 * The probabilities of the global tokens of one layer, as Hugging Face returns them: [batch, heads,
 * keys, slots], one column for each global token ({@code global_attentions} of LongformerEncoder in
 * modeling_longformer.py). Keys are padded to {@code keys}; a slot that a sequence does not use is
 * uniform over all keys, as if all were masked.
 *
 * @param slots global tokens of the sequence that has most of them
 */
record GlobalProbabilities(TokenRoles roles, int heads, int keys, int slots, float[] values) {
  /**
   * Probabilities with only the unused slots filled.
   *
   * @param headMask [heads], multiplies the probabilities; null for none
   */
  static GlobalProbabilities of(TokenRoles roles, int heads, int keys, float[] headMask) {
    int slots = roles.mostGlobals();
    int count = Math.multiplyExact(Math.multiplyExact(roles.batch() * heads, keys), slots);
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      int head = i / slots / keys % heads;
      int b = i / slots / keys / heads;
      if (i % slots >= roles.globals()[b].length) {
        values[i] = (headMask == null ? 1 : headMask[head]) / keys;
      }
    }
    return new GlobalProbabilities(roles, heads, keys, slots, values);
  }

  /** Stores those of one sequence, [heads * its globals, tokens]. */
  void put(int b, Matrix probabilities) {
    int count = roles.globals()[b].length;
    for (int head = 0; head < heads; head++) {
      for (int slot = 0; slot < count; slot++) {
        var row = probabilities.rows(head * count + slot, 1).toArray(); // [tokens]
        int at = (b * heads + head) * keys * slots + slot;
        for (int key = 0; key < row.length; key++) {
          values[at + key * slots] = row[key];
        }
      }
    }
  }

  Tensor tensor() {
    return Tensor.of(values, roles.batch(), heads, keys, slots);
  }
}
