package io.lanewise.kernel;

import io.lanewise.tensor.Matrix;

/** Attention of queries over keys and values, several heads at once. */
public sealed interface Attention permits ScalarAttention, VectorAttention {
  /**
   * What goes in. Heads lie side by side in the columns: head h takes columns {@code h * headSize}
   * and on.
   *
   * @param batch sequences
   * @param heads heads
   * @param queries tokens of a sequence that ask
   * @param keys tokens of a sequence that are asked
   * @param headSize features of a head
   * @param q [batch * queries, heads * headSize], any stride
   * @param k {@code keys} rows of each sequence, heads * headSize wide
   * @param v the same for the values
   * @param scale multiplies the scores before the mask is added
   * @param mask added to the scaled scores: [batch, keys] for all queries alike or [batch *
   *     queries, keys]; null for none
   * @param positionScores added to the scores before scaling, [batch * heads * queries, keys]; null
   *     for none
   * @param headMask [heads], multiplies the probabilities after the softmax; null for none
   */
  record Arguments(
      int batch,
      int heads,
      int queries,
      int keys,
      int headSize,
      Matrix q,
      KeyRows k,
      KeyRows v,
      float scale,
      Matrix mask,
      Matrix positionScores,
      float[] headMask) {
    /**
     * Plain attention without mask, position scores or head mask.
     *
     * @param k [batch * rows, heads * headSize], any stride; of the rows of each sequence, at least
     *     {@code keys}, the first {@code keys} are asked
     * @param v as k
     */
    public static Arguments of(
        int batch,
        int heads,
        int queries,
        int keys,
        int headSize,
        Matrix q,
        Matrix k,
        Matrix v,
        float scale) {
      return of(batch, heads, queries, keys, headSize, q, KeyRows.of(k), KeyRows.of(v), scale);
    }

    /** The same with rows that lie anywhere. */
    public static Arguments of(
        int batch,
        int heads,
        int queries,
        int keys,
        int headSize,
        Matrix q,
        KeyRows k,
        KeyRows v,
        float scale) {
      return new Arguments(batch, heads, queries, keys, headSize, q, k, v, scale, null, null, null);
    }

    /** The keys of one sequence. */
    public KeyRows.Sequence keysOf(int sequence) {
      return k.sequence(sequence, batch, keys);
    }

    /** The values of one sequence. */
    public KeyRows.Sequence valuesOf(int sequence) {
      return v.sequence(sequence, batch, keys);
    }

    public Arguments withMask(Matrix newMask) {
      return new Arguments(
          batch, heads, queries, keys, headSize, q, k, v, scale, newMask, positionScores, headMask);
    }

    public Arguments withPositionScores(Matrix newScores) {
      return new Arguments(
          batch, heads, queries, keys, headSize, q, k, v, scale, mask, newScores, headMask);
    }

    public Arguments withHeadMask(float[] newHeadMask) {
      return new Arguments(
          batch, heads, queries, keys, headSize, q, k, v, scale, mask, positionScores, newHeadMask);
    }
  }

  /**
   * Dense attention (Vaswani et al. 2017): {@code softmax((q·kᵀ + positionScores) · scale + mask) ·
   * headMask · v}.
   *
   * @param probabilities [batch * heads * queries, keys], written with the probabilities after the
   *     head mask; null when nobody asks for them, and then no score matrix is ever stored
   * @param out [batch * queries, heads * headSize], any stride, written; must not overlap q, k or v
   */
  void dense(Arguments arguments, Matrix probabilities, Matrix out);
}
