package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.UnpaddedSequences;
import org.jspecify.annotations.Nullable;

/**
 * The middle of multi-head attention, between the projections: {@code softmax(q·kᵀ/√size + mask) ·
 * v} for each head (Vaswani et al. 2017, section 3.2).
 *
 * @param count heads
 * @param size features of a head
 * @param scale multiplies the scores before the mask is added
 * @param distances position scores; null for none
 * @param talking how the heads mix their scores and probabilities; null if they do not
 */
public record AttentionHeads(
    int count,
    int size,
    float scale,
    @Nullable Distances distances,
    @Nullable TalkingHeads talking) {
  /** Scores are divided by the root of the size. */
  public AttentionHeads(int count, int size, @Nullable Distances distances) {
    this(count, size, (float) (1 / Math.sqrt(size)), distances, null);
  }

  /** Features of all heads side by side. */
  public int width() {
    return Math.multiplyExact(count, size);
  }

  /**
   * Arguments without a mask.
   *
   * @param keys of each sequence
   * @param q [batch * queries, width]
   * @param k {@code keys} of each sequence, width features each
   * @param v as k
   */
  Attention.Arguments arguments(int batch, int keys, Matrix q, KeyRows k, KeyRows v) {
    return Attention.Arguments.of(batch, count, q.rows() / batch, keys, size, q, k, v, scale);
  }

  /**
   * Attention of sequences without their padding.
   *
   * @param q [rows, width]
   * @param k as q
   * @param v as q
   */
  Attention.Arguments arguments(UnpaddedSequences sequences, Matrix q, KeyRows k, KeyRows v) {
    int longest = sequences.longest();
    return Attention.Arguments.of(sequences.batch(), count, longest, longest, size, q, k, v, scale)
        .withStarts(sequences.starts());
  }

  /** Scratch memory for the probabilities if the pass keeps them, null otherwise. */
  Matrix probabilities(Pass pass, Attention.Arguments arguments) {
    if (!pass.trace().keepsAttentions()) {
      return null;
    }
    int rows = Math.multiplyExact(arguments.batch(), count);
    return pass.matrix(Math.multiplyExact(rows, arguments.queries()), arguments.keys());
  }

  /**
   * Computes the attention.
   *
   * @param past the position of the first query
   * @param tokens consecutive queries of one sequence; if several sequences of queries share their
   *     keys, positions start again after this number
   * @param probabilities [batch * count * queries, keys], written; null if they are not needed
   * @param context [batch * queries, width], written
   */
  void apply(
      Pass pass,
      Attention.Arguments arguments,
      int past,
      int tokens,
      Matrix probabilities,
      Matrix context) {
    apply(pass, arguments, past, tokens, null, probabilities, context);
  }

  /**
   * The same where only some tokens ask.
   *
   * @param places of the queries in their sequences, one a row of q; null where all tokens ask
   */
  void apply(
      Pass pass,
      Attention.Arguments arguments,
      int past,
      int tokens,
      int @Nullable [] places,
      Matrix probabilities,
      Matrix context) {
    try (var _ = pass.frame()) {
      switch (distances) {
        case null -> attendOrTalk(pass, arguments, probabilities, context);
        case RelativePositions learnt -> {
          var scores = learnt.scores(pass, arguments, past, tokens);
          attend(pass, arguments.withPositionScores(scores), probabilities, context);
        }
        case LinearBiases biases -> {
          var scores = biases.scores(pass, arguments, past, tokens);
          attend(pass, arguments.withPositionScores(scores), probabilities, context);
        }
        case BucketedDistances biases -> {
          var scores = biases.scores(pass, arguments, past, tokens);
          attend(pass, arguments.withPositionScores(scores), probabilities, context);
        }
        case SinusoidalDistances fixed -> {
          var scores = fixed.scores(pass, arguments, past, tokens);
          var kept =
              probabilities != null ? probabilities : pass.matrix(scores.rows(), scores.columns());
          attend(pass, arguments.withPositionScores(scores), kept, context);
          fixed.addValues(pass, arguments, past, tokens, kept, context);
        }
        case DisentangledPositions projected -> {
          var scores = projected.scores(pass, arguments, places);
          attendOrTalk(pass, arguments.withPositionScores(scores), probabilities, context);
        }
      }
    }
  }

  /** Whether it knows calls in which only some tokens ask. */
  boolean takesSomeTokens() {
    return talking == null && (distances == null || distances.takesSomeTokens());
  }

  private void attendOrTalk(
      Pass pass, Attention.Arguments arguments, Matrix probabilities, Matrix context) {
    if (talking == null) {
      attend(pass, arguments, probabilities, context);
      return;
    }
    int rows = Math.multiplyExact(arguments.batch(), count);
    var kept =
        probabilities != null
            ? probabilities
            : pass.matrix(Math.multiplyExact(rows, arguments.queries()), arguments.keys());
    talking.attend(pass, arguments, kept, context);
  }

  /**
   * Runs the kernel. Kernels have no dropout: if probabilities are dropped, the kernel writes them,
   * and the weighted sum of values is computed again from the changed ones.
   */
  static void attend(
      Pass pass, Attention.Arguments arguments, Matrix probabilities, Matrix context) {
    var attention = pass.backend().attention();
    if (!pass.dropout().dropsAttention()) {
      attention.dense(arguments, probabilities, context);
      return;
    }
    try (var _ = pass.frame()) {
      int rows = Math.multiplyExact(arguments.batch(), arguments.heads());
      var kept =
          probabilities != null
              ? probabilities
              : pass.matrix(Math.multiplyExact(rows, arguments.queries()), arguments.keys());
      attention.dense(arguments, kept, context);
      pass.dropout().attention(pass, kept);
      WeightedValues.dense(pass, arguments, kept, context);
    }
  }
}
