package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a decoder that is normalised before each part, and whose sums stay as they are:
 * {@code h = x + attention(norm(x)); c = h + crossAttention(norm(h), source); y = c +
 * feedForward(norm(c))}. Without cross attention, cache and causal mask it is a {@link
 * PreNormLayer}.
 *
 * @param cross null in a decoder that stands alone
 * @param crossNorm null likewise
 */
public record PreNormDecoderLayer(
    DenseAttention attention,
    LayerNorm attentionNorm,
    @Nullable CrossAttention cross,
    @Nullable LayerNorm crossNorm,
    FeedForward feedForward,
    LayerNorm norm)
    implements StackedLayer {
  @Override
  public void apply(
      Pass pass, Matrix x, Decoding call, int layer, @Nullable ReadTokens read, Matrix y) {
    if (!looksBeyond(call)) {
      new PreNormLayer(attentionNorm, attention, norm, feedForward)
          .apply(pass, x, call.batch(), call.mask(), call.headMask(layer), read, y);
      return;
    }
    if (read != null) {
      try (var _ = pass.frame()) { // a decoder's tokens have neighbours that ask for them
        var all = pass.matrix(x.rows(), x.columns());
        apply(pass, x, call, layer, null, all);
        pass.backend().rowwise().gather(all, read.rows(), y);
      }
      return;
    }
    pass.beginLayer();
    try (var _ = pass.frame()) {
      var normed = pass.matrix(x.rows(), x.columns()); // [batch * tokens, hidden]
      var h = pass.matrix(x.rows(), x.columns());
      attentionNorm.apply(pass, x, normed);
      attention.apply(
          pass, normed, call.batch(), call.mask(), call.headMask(layer), call.cache(), layer, h);
      pass.dropout().hidden(pass, h);
      pass.backend().rowwise().add(x, h);
      if (cross != null && call.source() != null) {
        addSource(pass, h, normed, call, layer);
      }
      norm.apply(pass, h, normed);
      feedForward.apply(pass, normed, y);
      pass.dropout().feedForward(pass, y);
      pass.backend().rowwise().add(h, y);
    }
  }

  private void addSource(Pass pass, Matrix h, Matrix normed, Decoding call, int layer) {
    try (var _ = pass.frame()) {
      var c = pass.matrix(h.rows(), h.columns()); // [batch * tokens, hidden]
      crossNorm.apply(pass, h, normed);
      lookAtSource(pass, normed, call, layer, c);
      pass.dropout().hidden(pass, c);
      pass.backend().rowwise().add(c, h);
    }
  }
}
