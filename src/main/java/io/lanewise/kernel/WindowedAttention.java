package io.lanewise.kernel;

import io.lanewise.kernel.scalar.ScalarWindowedAttention;
import io.lanewise.kernel.vector.VectorWindowedAttention;
import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Attention in which a token sees its neighbours and a few global tokens (Beltagy et al. 2020,
 * section 3.1). Time and memory grow with {@code tokens * (window + globals)}: there is no matrix
 * of all tokens by all tokens.
 */
public sealed interface WindowedAttention permits ScalarWindowedAttention, VectorWindowedAttention {
  /**
   * What goes in. Heads lie side by side in the columns: head h takes columns {@code h * headSize}
   * and on.
   *
   * @param roles what each token sees, and the size of the batch
   * @param heads heads
   * @param headSize features of a head
   * @param window neighbours that a token sees, half of them on each side; even
   * @param q [batch * tokens, heads * headSize], any stride
   * @param k [batch * tokens, heads * headSize], any stride
   * @param v [batch * tokens, heads * headSize], any stride
   * @param scale multiplies the scores
   * @param headMask [heads], multiplies the probabilities after the softmax; null for none
   */
  record Arguments(
      TokenRoles roles,
      int heads,
      int headSize,
      int window,
      Matrix q,
      Matrix k,
      Matrix v,
      float scale,
      float @Nullable [] headMask) {
    public Arguments {
      if (window < 0 || window % 2 != 0) {
        throw new IllegalArgumentException("window " + window + ": half lies on each side");
      }
    }

    /** Neighbours that a token sees on each side. */
    public int reach() {
      return window / 2;
    }

    /** Columns of the probabilities: the global keys, the neighbours and the token itself. */
    public int columns() {
      return Math.addExact(Math.addExact(roles.mostGlobals(), window), 1);
    }
  }

  /**
   * Attention of the local tokens, and of padding that asks. A global token is seen by all tokens
   * of its sequence, always as a global key and never as a neighbour. Rows of hidden tokens become
   * zero, and so do those of global tokens, whose attention to the whole sequence is {@link
   * Attention#dense dense} and has other queries, keys and values.
   *
   * <p>A NaN among what a token sees makes its row NaN, all columns of its probabilities included.
   *
   * @param probabilities [batch * heads * tokens, columns], written with the probabilities after
   *     the head mask: first those of the global keys in the order of their positions, zero where a
   *     sequence has fewer than the most; then those of the neighbours, position {@code t - window
   *     / 2} first, zero where there is no token or one that is hidden or global; null when nobody
   *     asks for them
   * @param out [batch * tokens, heads * headSize], any stride, written; must not overlap q, k or v
   */
  void windowed(Arguments arguments, @Nullable Matrix probabilities, Matrix out);
}
