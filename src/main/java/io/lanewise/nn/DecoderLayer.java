package io.lanewise.nn;

import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the original Transformer's decoder, normalised after each sum: {@code h = norm(x +
 * attention(x)); c = norm(h + crossAttention(h, source)); y = norm(c + feedForward(c))}.
 *
 * <p>What a token may see is not the layer's business: the mask of the call makes the attention
 * causal. Without cross attention, cache and causal mask it is an {@link EncoderLayer}.
 *
 * @param cross null in a decoder that stands alone
 * @param crossNorm null likewise
 */
public record DecoderLayer(
    DenseAttention attention,
    LayerNorm attentionNorm,
    CrossAttention cross,
    LayerNorm crossNorm,
    FeedForward feedForward,
    LayerNorm norm) {
  /** A layer without cross attention. */
  public DecoderLayer(
      DenseAttention attention, LayerNorm attentionNorm, FeedForward feedForward, LayerNorm norm) {
    this(attention, attentionNorm, null, null, feedForward, norm);
  }

  /**
   * Applies the layer.
   *
   * @param x [batch * tokens, hidden]
   * @param layer its number in the stack, counted from 0
   * @param y [batch * tokens, hidden], written; may be x
   */
  public void apply(Pass pass, Matrix x, Decoding call, int layer, Matrix y) {
    pass.beginLayer();
    try (var _ = pass.frame()) {
      var h = pass.matrix(x.rows(), x.columns()); // [batch * tokens, hidden]
      attention.apply(
          pass, x, call.batch(), call.mask(), call.headMask(layer), call.cache(), layer, h);
      pass.dropout().hidden(pass, h);
      attentionNorm.apply(pass, h, x, h);
      if (cross != null && call.source() != null) {
        lookAtSource(pass, h, call, layer);
      }
      feedForward.apply(pass, h, y);
      pass.dropout().feedForward(pass, y);
      norm.apply(pass, y, h, y);
    }
  }

  /**
   * Applies the layer to the tokens that are read, as the last one of a stack. Nothing is dropped
   * and nothing kept in the trace.
   *
   * @param x [batch * tokens, hidden]
   * @param layer its number in the stack, counted from 0
   * @param read null for all tokens
   * @param y [read, hidden], written; may be x where all are read
   */
  public void apply(
      Pass pass, Matrix x, Decoding call, int layer, @Nullable ReadTokens read, Matrix y) {
    if (read == null) {
      apply(pass, x, call, layer, y);
      return;
    }
    if ((cross != null && call.source() != null) || call.cache() != null) {
      try (var _ = pass.frame()) { // a decoder's tokens have neighbours that ask for them
        var all = pass.matrix(x.rows(), x.columns());
        apply(pass, x, call, layer, all);
        pass.backend().rowwise().gather(all, read.rows(), y);
      }
      return;
    }
    new EncoderLayer(attention, attentionNorm, feedForward, norm)
        .apply(pass, x, call.batch(), call.mask(), call.headMask(layer), read, y);
  }

  private void lookAtSource(Pass pass, Matrix h, Decoding call, int layer) {
    try (var _ = pass.frame()) {
      var c = pass.matrix(h.rows(), h.columns()); // [batch * tokens, hidden]
      cross.apply(
          pass,
          h,
          call.batch(),
          projected(pass, call, layer),
          call.source().batch(),
          call.source().tokens(),
          call.source().mask(),
          call.crossHeadMask(layer),
          call.past(),
          c);
      pass.dropout().hidden(pass, c);
      crossNorm.apply(pass, c, h, h);
    }
  }

  /** Keys and values of the source side by side, 2 * heads * headSize features of a token. */
  private KeyRows projected(Pass pass, Decoding call, int layer) {
    var source = call.source();
    var cache = call.cache();
    if (cache == null) {
      int rows = Math.multiplyExact(source.batch(), source.tokens());
      var projected = pass.matrix(rows, 2 * cross.heads().width());
      cross.project(pass, source.states(), projected);
      return KeyRows.of(projected);
    }
    if (!cache.hasSource()) {
      cross.project(pass, source.states(), cache.sourceRows(layer));
    }
    return cache.source(layer);
  }
}
