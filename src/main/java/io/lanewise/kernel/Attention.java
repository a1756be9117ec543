package io.lanewise.kernel;

import io.lanewise.kernel.coldstart.ColdStartAttention;
import io.lanewise.kernel.onednn.OneDnnAttention;
import io.lanewise.kernel.openblas.BlasAttention;
import io.lanewise.kernel.scalar.ScalarAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/** Attention of queries over keys and values, several heads at once. */
public sealed interface Attention
    permits ScalarAttention, VectorAttention, OneDnnAttention, BlasAttention, ColdStartAttention {
  /**
   * The operands. Heads lie side by side in the columns: head h starts at column {@code h *
   * headSize}.
   *
   * @param batch sequences
   * @param heads heads
   * @param queries queries of a sequence
   * @param keys keys of a sequence
   * @param headSize features of a head
   * @param q [batch * queries, heads * headSize], any stride
   * @param k keys: {@code keys} rows of each sequence, heads * headSize wide
   * @param v values, as k
   * @param scale multiplies the scores before the mask is added
   * @param mask added to the scaled scores: [batch, keys] for all queries, or [batch * queries,
   *     keys]; null for none
   * @param positionScores added to the scores before scaling, [batch * heads * queries, keys],
   *     where a sequence of fewer queries or keys fills the first of its rows and columns; null for
   *     none
   * @param headMask [heads], multiplies the probabilities after the softmax; null for none
   * @param starts for unpadded sequences of different lengths, one after the other: the first row
   *     of each in q, k and v, then the number of rows, [batch + 1]. {@code queries} and {@code
   *     keys} are then those of the longest sequence, and there is no mask. Null if all sequences
   *     have the same length
   * @param queryStarts if only some tokens of each sequence are queries: the first row of each
   *     sequence's queries in q, then the number of rows, [batch + 1]. {@code queries} is then the
   *     largest number of queries of a sequence, and a mask has one row for all queries. Null if
   *     all tokens are queries
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
      @Nullable Matrix mask,
      @Nullable Matrix positionScores,
      float @Nullable [] headMask,
      int @Nullable [] starts,
      int @Nullable [] queryStarts) {
    /**
     * Attention without mask, position scores or head mask.
     *
     * @param k [batch * rows, heads * headSize], any stride; each sequence has at least {@code
     *     keys} rows, and the first {@code keys} of them are its keys
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

    /** The same with keys and values in {@link KeyRows}. */
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
      return new Arguments(
          batch, heads, queries, keys, headSize, q, k, v, scale, null, null, null, null, null);
    }

    /** The keys of one sequence. */
    public KeyRows.Sequence keysOf(int sequence) {
      return rowsOf(k, sequence);
    }

    /** The values of one sequence. */
    public KeyRows.Sequence valuesOf(int sequence) {
      return rowsOf(v, sequence);
    }

    private KeyRows.Sequence rowsOf(KeyRows rows, int sequence) {
      return starts == null
          ? rows.sequence(sequence, batch, keys)
          : rows.run(starts[sequence], starts[sequence + 1] - starts[sequence]);
    }

    /** The row of a sequence's first query. */
    public int firstQuery(int sequence) {
      var rows = firstQueries();
      return rows == null ? sequence * queries : rows[sequence];
    }

    /** Queries of a sequence. */
    public int queriesOf(int sequence) {
      var rows = firstQueries();
      return rows == null ? queries : rows[sequence + 1] - rows[sequence];
    }

    /** Where the queries of each sequence begin; null if all sequences have equally many. */
    private int[] firstQueries() {
      return queryStarts != null ? queryStarts : starts;
    }

    /**
     * Tokens of a sequence, including those that are no queries of this call. A kernel that chooses
     * its method by the length of a sequence uses this number, so that the bits of a query do not
     * depend on which other tokens are queries.
     */
    public int tokensOf(int sequence) {
      return queryStarts == null ? queriesOf(sequence) : keysOf(sequence).count();
    }

    public Arguments withMask(Matrix newMask) {
      return with(queries, newMask, positionScores, headMask, starts, queryStarts);
    }

    public Arguments withPositionScores(Matrix newScores) {
      return with(queries, mask, newScores, headMask, starts, queryStarts);
    }

    /** The same operands for unpadded sequences of different lengths. */
    public Arguments withStarts(int[] newStarts) {
      return with(queries, mask, positionScores, headMask, newStarts, queryStarts);
    }

    /**
     * The same operands, with only some tokens of each sequence as queries.
     *
     * @param most the largest number of queries of a sequence
     */
    public Arguments withQueryStarts(int[] newQueryStarts, int most) {
      return with(most, mask, positionScores, headMask, starts, newQueryStarts);
    }

    public Arguments withHeadMask(float[] newHeadMask) {
      return with(queries, mask, positionScores, newHeadMask, starts, queryStarts);
    }

    private Arguments with(
        int newQueries,
        Matrix newMask,
        Matrix newScores,
        float[] newHeadMask,
        int[] newStarts,
        int[] newQueryStarts) {
      return new Arguments(
          batch,
          heads,
          newQueries,
          keys,
          headSize,
          q,
          k,
          v,
          scale,
          newMask,
          newScores,
          newHeadMask,
          newStarts,
          newQueryStarts);
    }
  }

  /**
   * Dense attention (Vaswani et al. 2017): {@code softmax((q·kᵀ + positionScores) · scale + mask) ·
   * headMask · v}.
   *
   * @param probabilities [batch * heads * queries, keys], written with the probabilities after the
   *     head mask; null if they are not needed, and then no score matrix is stored. Must be null
   *     for sequences of different lengths
   * @param out [batch * queries, heads * headSize], any stride, written; must not overlap q, k or v
   */
  void dense(Arguments arguments, @Nullable Matrix probabilities, Matrix out);
}
