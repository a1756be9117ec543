package io.lanewise.family.stack;

import io.lanewise.family.head.LastStates;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.UnpaddedSequences;
import io.lanewise.nn.attention.Mask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers one after the other: over all tokens, or without the padding, and at last over those
 * tokens alone whose states somebody reads. It keeps the hidden states that the pass asks for.
 *
 * @param count of the layers
 */
public record LayerStack(int count, Layer layer) {
  /** One of the layers. */
  @FunctionalInterface
  public interface Layer {
    /**
     * Applies it.
     *
     * @param number from 0 to {@code count - 1}
     * @param x [rows, hidden], the states before
     * @param mask for the rows of x
     * @param read the tokens to restrict itself to, in the last layer; null for all
     * @param y [rows, hidden], or [read, hidden], written; x itself where all are read
     */
    void apply(Pass pass, int number, Matrix x, Mask mask, @Nullable ReadTokens read, Matrix y);
  }

  /**
   * Runs the layers.
   *
   * @param x [batch * tokens, hidden], overwritten
   * @param batch sequences
   * @param read the tokens whose last states are read; null for all
   * @param sequences where the padding may be left out; null to let it go through the layers
   * @param mask of all tokens, where the padding goes through the layers
   * @return the last states, in scratch memory
   */
  public LastStates run(
      Pass pass,
      Matrix x,
      int batch,
      @Nullable ReadTokens read,
      @Nullable UnpaddedSequences sequences,
      Supplier<Mask> mask) {
    var restricted = pass.restricted(read);
    var y = restricted == null ? x : pass.matrix(restricted.count(), x.columns());
    var left = sequences == null || restricted == null ? restricted : restricted.in(sequences);
    if (sequences != null && (left == null) == (restricted == null)) {
      runUnpadded(pass, x, sequences, left, y);
    } else {
      run(pass, x, batch, mask.get(), restricted, y);
    }
    return new LastStates(y, restricted, batch).of(pass, read);
  }

  /** Leaves the padding out for as long as the layers run. */
  private void runUnpadded(
      Pass pass, Matrix x, UnpaddedSequences sequences, @Nullable ReadTokens read, Matrix y) {
    try (var _ = pass.frame()) {
      var left = pass.matrix(sequences.rows(), x.columns()); // [rows without padding, hidden]
      sequences.removePadding(x, left);
      run(pass, left, sequences.batch(), Mask.of(sequences), read, read == null ? left : y);
      if (read == null) {
        sequences.restorePadding(left, y);
      }
    }
  }

  private void run(Pass pass, Matrix x, int batch, Mask mask, @Nullable ReadTokens read, Matrix y) {
    pass.trace().hiddenState(x, batch);
    for (int i = 0; i < count; i++) {
      boolean restricts = read != null && i == count - 1;
      layer.apply(pass, i, x, mask, restricts ? read : null, restricts ? y : x);
      pass.trace().hiddenState(x, batch);
    }
  }
}
