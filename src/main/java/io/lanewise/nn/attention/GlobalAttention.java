package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import java.util.Arrays;

/**
 * The attention of the global tokens to their whole sequence, with projections of its own (Beltagy
 * et al. 2020, section 3.1; LongformerSelfAttention._compute_global_attn_output_from_hidden in
 * Hugging Face's modeling_longformer.py).
 *
 * <p>For a few global tokens, projecting a whole sequence to keys and values is too slow. Their
 * scores are {@code q·(W x + b) = (Wᵀq)·x + q·b}, where the second term is the same for all keys
 * and does not change the softmax. Their results are {@code Σ p (V x + c) = V (Σ p x) + c}, because
 * the probabilities sum to 1. So the queries are multiplied by Wᵀ, the tokens themselves are keys
 * and values, and the result is multiplied by V.
 *
 * @param query of the global tokens, [hidden] to [heads * headSize]
 * @param keyValue of all tokens, [hidden] to [2 * heads * headSize]
 * @param turnedKey the transposed weights of the keys, [heads * headSize] to [hidden], without bias
 * @param multiple probabilities are padded to a multiple of this number of keys, as Hugging Face
 *     pads the sequences (LongformerModel._pad_to_window_size)
 */
public record GlobalAttention(
    Linear query, Linear keyValue, Linear turnedKey, int heads, int headSize, int multiple) {

  /** Loads the three projections; {@code hidden} is a multiple of {@code heads}. */
  static GlobalAttention load(Packing packing, int hidden, int heads, int multiple, Weights self) {
    return new GlobalAttention(
        Linear.load(packing, hidden, hidden, self.at("query_global")),
        Linear.fused(packing, hidden, hidden, self.at("key_global"), self.at("value_global")),
        Linear.turned(packing, hidden, hidden, self.at("key_global")),
        heads,
        hidden / heads,
        multiple);
  }

  private int width() {
    return heads * headSize;
  }

  /**
   * Replaces the rows of the global tokens.
   *
   * @param x [batch * tokens, hidden]
   * @param context [batch * tokens, heads * headSize]
   */
  void apply(Pass pass, Matrix x, Mask mask, float[] headMask, Matrix context) {
    var roles = mask.roles();
    int padded = Math.ceilDiv(roles.tokens(), multiple) * multiple;
    var kept =
        pass.trace().keepsAttentions()
            ? GlobalProbabilities.of(roles, heads, padded, headMask)
            : null;
    for (int b = 0; b < roles.batch(); b++) {
      if (roles.globals()[b].length > 0) {
        attend(pass, x, mask, b, headMask, kept, context);
      }
    }
    if (kept != null) {
      pass.trace().globalAttention(kept.tensor());
    }
  }

  private void attend(
      Pass pass,
      Matrix x,
      Mask mask,
      int b,
      float[] headMask,
      GlobalProbabilities kept,
      Matrix context) {
    int tokens = mask.roles().tokens();
    int[] rows = rows(mask.roles(), b);
    var scores = mask.scores() == null ? null : mask.scores().rows(b, 1); // [1, tokens]
    try (var _ = pass.frame()) {
      var queryRows = pass.matrix(rows.length, x.columns()); // [globals, hidden]
      pass.backend().rowwise().gather(x, rows, queryRows);
      var q = pass.matrix(rows.length, width()); // [globals, heads * headSize]
      query.apply(pass, queryRows, q);
      var found = pass.matrix(rows.length, width()); // [globals, heads * headSize]
      var probabilities = // [heads * globals, tokens]
          kept == null ? null : pass.matrix(Math.multiplyExact(heads, rows.length), tokens);
      var sequence = x.rows(b * tokens, tokens); // [tokens, hidden]
      if (areFew(rows.length) && !pass.dropout().dropsAttention()) {
        attendToTokens(pass, q, sequence, scores, headMask, probabilities, found);
      } else {
        attendToProjections(pass, q, sequence, scores, headMask, probabilities, found);
      }
      if (kept != null) {
        kept.put(b, probabilities);
      }
      for (int i = 0; i < rows.length; i++) {
        context.rows(rows[i], 1).copyFrom(found.rows(i, 1));
      }
    }
  }

  /**
   * Whether attention to the tokens themselves costs less than projecting them. This does not
   * depend on the length of the sequence, so that padding does not change the method.
   */
  private boolean areFew(int globals) {
    return 4L * globals <= headSize;
  }

  private void attendToProjections(
      Pass pass,
      Matrix q,
      Matrix x,
      Matrix scores,
      float[] headMask,
      Matrix probabilities,
      Matrix found) {
    try (var _ = pass.frame()) {
      var seen = pass.matrix(x.rows(), 2 * width()); // [tokens, 2 * heads * headSize]
      keyValue.apply(pass, x, seen);
      var arguments =
          Attention.Arguments.of(
                  1,
                  heads,
                  q.rows(),
                  x.rows(),
                  headSize,
                  q,
                  seen.columns(0, width()),
                  seen.columns(width(), width()),
                  scale())
              .withMask(scores)
              .withHeadMask(headMask);
      AttentionHeads.attend(pass, arguments, probabilities, found);
    }
  }

  /**
   * Computes one head of the width of a token, with a query for each head of each global token: row
   * {@code h * globals + g} is head h of global token g.
   */
  private void attendToTokens(
      Pass pass,
      Matrix q,
      Matrix x,
      Matrix scores,
      float[] headMask,
      Matrix probabilities,
      Matrix found) {
    int globals = q.rows();
    int hidden = x.columns();
    int queries = heads * globals;
    try (var _ = pass.frame()) {
      var apart = pass.matrix(queries, width()); // [heads * globals, heads * headSize]
      apart.data().fill((byte) 0);
      for (int row = 0; row < queries; row++) {
        part(apart, row, row / globals).copyFrom(part(q, row % globals, row / globals));
      }
      var turned = pass.matrix(queries, hidden); // [heads * globals, hidden]
      turnedKey.apply(pass, apart, turned);
      var mixed = pass.matrix(queries, hidden); // [heads * globals, hidden]
      var arguments =
          Attention.Arguments.of(1, 1, queries, x.rows(), hidden, turned, x, x, scale())
              .withMask(scores);
      AttentionHeads.attend(pass, arguments, probabilities, mixed);
      var projected = pass.matrix(queries, 2 * width()); // [heads * globals, 2 * heads * headSize]
      keyValue.apply(pass, mixed, projected);
      var values = projected.columns(width(), width()); // [heads * globals, heads * headSize]
      for (int row = 0; row < queries; row++) {
        int head = row / globals;
        var own = part(found, row % globals, head);
        own.copyFrom(part(values, row, head));
        if (headMask != null) {
          multiply(own, headMask[head]);
          if (probabilities != null) {
            multiply(probabilities.rows(row, 1), headMask[head]);
          }
        }
      }
    }
  }

  /** The part of a head in a row [heads * headSize]. */
  private Matrix part(Matrix matrix, int row, int head) {
    return matrix.rows(row, 1).columns(head * headSize, headSize);
  }

  private static void multiply(Matrix row, float factor) {
    var values = row.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    row.copyFrom(values, 0);
  }

  private float scale() {
    return (float) (1 / Math.sqrt(headSize));
  }

  private static int[] rows(TokenRoles roles, int b) {
    return Arrays.stream(roles.globals()[b])
        .map(position -> b * roles.tokens() + position)
        .toArray();
  }
}
