package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.PackedSequences;
import io.lanewise.nn.Pass;

/**
 * The middle of multi-head attention, between the projections: {@code softmax(q·kᵀ/√size + mask) ·
 * v} for each head (Vaswani et al. 2017, section 3.2).
 *
 * @param count heads
 * @param size features of a head
 * @param distances what the distance between two tokens adds; null for nothing
 */
public record AttentionHeads(int count, int size, Distances distances) {
  /** Features of all heads side by side. */
  public int width() {
    return Math.multiplyExact(count, size);
  }

  /**
   * Attention without mask so far.
   *
   * @param keys of each sequence
   * @param q [batch * queries, width]
   * @param k {@code keys} of each sequence, width features each
   * @param v as k
   */
  Attention.Arguments arguments(int batch, int keys, Matrix q, KeyRows k, KeyRows v) {
    float scale = (float) (1 / Math.sqrt(size));
    return Attention.Arguments.of(batch, count, q.rows() / batch, keys, size, q, k, v, scale);
  }

  /**
   * Attention of sequences without their padding.
   *
   * @param q [rows, width]
   * @param k as q
   * @param v as q
   */
  Attention.Arguments arguments(PackedSequences sequences, Matrix q, KeyRows k, KeyRows v) {
    float scale = (float) (1 / Math.sqrt(size));
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
   * Attends.
   *
   * @param past the position of the first query
   * @param tokens queries that follow each other in one sequence; where a row of keys serves
   *     several sequences of queries, positions start anew after so many
   * @param probabilities [batch * count * queries, keys], written; null if nobody asks
   * @param context [batch * queries, width], written
   */
  void apply(
      Pass pass,
      Attention.Arguments arguments,
      int past,
      int tokens,
      Matrix probabilities,
      Matrix context) {
    try (var _ = pass.frame()) {
      switch (distances) {
        case null -> attend(pass, arguments, probabilities, context);
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
      }
    }
  }

  /**
   * Attends by the kernel. Where probabilities are dropped, which no kernel does, they are written
   * down and weigh the values once more.
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
