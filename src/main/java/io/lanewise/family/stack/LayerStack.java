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
   * @param x [rows, hidden], overwritten: all tokens, or those that {@code sequences} leave
   * @param batch sequences
   * @param read the tokens whose last states are read; null for all
   * @param sequences what is left without the padding; null if the padding goes through the layers
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
    if (sequences == null) {
      var y = layers(pass, x, batch, mask.get(), restricted);
      return new LastStates(y, restricted, batch).of(pass, read);
    }
    if (read == null) {
      var padded = pass.matrix(batch * sequences.length(), x.columns());
      sequences.restorePadding(layers(pass, x, batch, Mask.of(sequences), null), padded);
      return LastStates.all(padded, batch);
    }
    var y = layers(pass, x, batch, Mask.of(sequences), read.in(sequences));
    return new LastStates(y, read, batch);
  }

  /** All layers: [rows, hidden], or [read, hidden] if only some are. */
  private Matrix layers(Pass pass, Matrix x, int batch, Mask mask, @Nullable ReadTokens read) {
    boolean all = read == null || read.isAll(x.rows());
    var y = all ? x : pass.matrix(read.count(), x.columns());
    run(pass, x, batch, mask, all ? null : read, y);
    return y;
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
