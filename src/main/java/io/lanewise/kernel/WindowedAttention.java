package io.lanewise.kernel;

import io.lanewise.kernel.scalar.ScalarWindowedAttention;
import io.lanewise.kernel.vector.VectorWindowedAttention;
import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Attention of each token to its neighbours and to a few global tokens (Beltagy et al. 2020,
 * section 3.1). Time and memory grow with {@code tokens * (window + globals)}: there is no matrix
 * of all tokens by all tokens.
 */
public sealed interface WindowedAttention permits ScalarWindowedAttention, VectorWindowedAttention {
  /**
   * The operands. Heads lie side by side in the columns: head h starts at column {@code h *
   * headSize}.
   *
   * @param roles the role of each token, and the size of the batch
   * @param heads heads
   * @param headSize features of a head
   * @param window neighbours a token attends to, half of them on each side; even
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

    /** Neighbours a token attends to on each side. */
    public int reach() {
      return window / 2;
    }

    /** Columns of the probabilities: the global keys, the neighbours and the token itself. */
    public int columns() {
      return Math.addExact(Math.addExact(roles.mostGlobals(), window), 1);
    }
  }

  /**
   * Attention of the local tokens, and of padding that is a query. A global token is a global key
   * for all tokens of its sequence, and never counts as a neighbour. Rows of hidden tokens become
   * zero. Rows of global tokens become zero, too: their attention to the whole sequence is {@link
   * Attention#dense dense} and has other queries, keys and values.
   *
   * <p>A NaN in a key or value that a token attends to makes its row NaN, and all columns of its
   * probabilities.
   *
   * @param probabilities [batch * heads * tokens, columns], written with the probabilities after
   *     the head mask: first those of the global keys in the order of their positions, zero if a
   *     sequence has fewer of them than the maximum; then those of the neighbours, position {@code
   *     t - window / 2} first, zero where there is no token or a hidden or global one; null if they
   *     are not needed
   * @param out [batch * tokens, heads * headSize], any stride, written; must not overlap q, k or v
   */
  void windowed(Arguments arguments, @Nullable Matrix probabilities, Matrix out);
}
