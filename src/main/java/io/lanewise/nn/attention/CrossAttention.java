package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of a decoder's tokens to an encoder's (Vaswani et al. 2017, section 3.2.3).
 *
 * <p>The keys and values depend only on the encoder. They are computed in a separate step, so that
 * a decoder computes them once and uses them for every generated token.
 *
 * @param query [hidden] to [heads * headSize]
 * @param keyValue both projections of the encoder's states as one, [hidden] to [2 * heads *
 *     headSize]
 * @param output projects the heads' results back, [heads * headSize] to [hidden]
 */
public record CrossAttention(Linear query, Linear keyValue, Linear output, AttentionHeads heads) {

  /**
   * Loads the four projections.
   *
   * @param packing for the projections of the decoder's tokens
   * @param ofSource for those of the encoder's tokens, all at once
   * @param hidden a multiple of {@code heads}
   */
  public static CrossAttention load(
      Packing packing,
      Packing ofSource,
      int hidden,
      int heads,
      Weights query,
      Weights key,
      Weights value,
      Weights output,
      Distances distances) {
    return new CrossAttention(
        Linear.load(packing, hidden, hidden, query),
        Linear.fused(ofSource, hidden, hidden, key, value),
        Linear.load(packing, hidden, hidden, output),
        new AttentionHeads(heads, hidden / heads, distances));
  }

  /**
   * Projects the encoder's states.
   *
   * @param states [sources * tokens, hidden]
   * @param y [sources * tokens, 2 * heads * headSize], written
   */
  public void project(Pass pass, Matrix states, Matrix y) {
    keyValue.apply(pass, states, y);
  }

  /**
   * Applies the attention. Several consecutive sequences of x may share a source, like the beams of
   * a search.
   *
   * @param x [batch * tokens, hidden]
   * @param batch sequences of x, a multiple of {@code sources}
   * @param projected the result of {@link #project}, {@code sourceTokens} rows of each source
   * @param sources sequences of the encoder
   * @param sourceTokens tokens of each
   * @param mask of the encoder's tokens, [sources, source tokens]
   * @param headMask [heads], multiplies the probabilities; null for none
   * @param past the position of the first token in x
   * @param y [batch * tokens, hidden], written; must not overlap x
   */
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      KeyRows projected,
      int sources,
      int sourceTokens,
      Mask mask,
      float @Nullable [] headMask,
      int past,
      Matrix y) {
    int tokens = x.rows() / batch;
    int width = heads.width();
    try (var _ = pass.frame()) {
      var q = pass.matrix(x.rows(), width); // [batch * tokens, heads * headSize]
      query.apply(pass, x, q);
      var k = projected.columns(0, width);
      var v = projected.columns(width, width);
      var arguments =
          heads
              .arguments(sources, sourceTokens, q, k, v)
              .withMask(mask.scores())
              .withHeadMask(headMask);
      var probabilities = heads.probabilities(pass, arguments);
      var context = pass.matrix(x.rows(), width); // [batch * tokens, heads * headSize]
      heads.apply(pass, arguments, past, tokens, probabilities, context);
      if (probabilities != null) {
        pass.trace().crossAttention(probabilities, sources, batch / sources, heads.count());
      }
      output.apply(pass, context, y); // [batch * tokens, hidden]
    }
  }

  /**
   * Keys and values of a call's source side by side, 2 * heads * headSize features of a token; made
   * once where there is a cache.
   */
  public KeyRows projected(Pass pass, Decoding call, int layer) {
    var source = call.source();
    var cache = call.cache();
    if (cache == null) {
      int rows = Math.multiplyExact(source.batch(), source.tokens());
      var projected = pass.matrix(rows, 2 * heads.width());
      project(pass, source.states(), projected);
      return KeyRows.of(projected);
    }
    if (!cache.hasSource()) {
      project(pass, source.states(), cache.sourceRows(layer));
    }
    return cache.source(layer);
  }
}
