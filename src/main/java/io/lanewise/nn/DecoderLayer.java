package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the original Transformer's decoder, normalised after each sum: {@code h = norm(x +
 * attention(x)); c = norm(h + crossAttention(h, source)); y = norm(c + feedForward(c))}.
 *
 * <p>The mask of the call, not the layer, makes the attention causal. Without cross attention,
 * cache and causal mask it is an {@link EncoderLayer}.
 *
 * @param cross null in a decoder without an encoder
 * @param crossNorm null like {@code cross}
 */
public record DecoderLayer(
    DenseAttention attention,
    LayerNorm attentionNorm,
    CrossAttention cross,
    LayerNorm crossNorm,
    FeedForward feedForward,
    LayerNorm norm)
    implements StackedLayer {
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
        addSource(pass, h, call, layer);
      }
      feedForward.apply(pass, h, y);
      pass.dropout().feedForward(pass, y);
      norm.apply(pass, y, h, y);
    }
  }

  @Override
  public void apply(
      Pass pass, Matrix x, Decoding call, int layer, @Nullable ReadTokens read, Matrix y) {
    if (read == null) {
      apply(pass, x, call, layer, y);
      return;
    }
    if (looksBeyond(call)) {
      try (var _ = pass.frame()) { // all tokens of a decoder are needed as keys
        var all = pass.matrix(x.rows(), x.columns());
        apply(pass, x, call, layer, all);
        pass.backend().rowwise().gather(all, read.rows(), y);
      }
      return;
    }
    new EncoderLayer(attention, attentionNorm, feedForward, norm)
        .apply(pass, x, call.batch(), call.mask(), call.headMask(layer), read, y);
  }

  private void addSource(Pass pass, Matrix h, Decoding call, int layer) {
    try (var _ = pass.frame()) {
      var c = pass.matrix(h.rows(), h.columns()); // [batch * tokens, hidden]
      lookAtSource(pass, h, call, layer, c);
      pass.dropout().hidden(pass, c);
      crossNorm.apply(pass, c, h, h);
    }
  }
}
