package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.SelfAttention;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an encoder that is normalised before each part, and whose sums stay as they are
 * (Xiong et al. 2020): {@code h = x + attention(norm(x)); y = h + mlp(norm(h))}. The stack needs a
 * norm of its own behind the last layer.
 *
 * @param attentionNorm null where the states come in normalised, as into the first layer of
 *     ModernBERT
 */
public record PreNormLayer(
    @Nullable Norm attentionNorm, SelfAttention attention, Norm mlpNorm, Mlp mlp) {
  /**
   * Applies the layer.
   *
   * @param x [batch * tokens, hidden]
   * @param headMask [heads]; null for none
   * @param read the tokens that are read, in the last layer of a stack, where nothing is dropped
   *     and nothing kept in the trace; null for all
   * @param y [read, hidden], written; may be x where all are read
   */
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float @Nullable [] headMask,
      @Nullable ReadTokens read,
      Matrix y) {
    pass.beginLayer();
    try (var _ = pass.frame()) {
      var normed = normed(pass, x);
      var h = pass.matrix(y.rows(), x.columns()); // [read, hidden]
      if (read == null) {
        attention.apply(pass, normed, batch, mask, headMask, h);
        pass.dropout().hidden(pass, h);
        pass.backend().rowwise().add(x, h);
      } else {
        attention.apply(pass, normed, batch, mask, headMask, read, read.of(pass, normed), h);
        pass.backend().rowwise().add(read.of(pass, x), h);
      }
      var inner = pass.matrix(h.rows(), h.columns());
      mlpNorm.apply(pass, h, inner);
      mlp.apply(pass, inner, y);
      pass.dropout().feedForward(pass, y);
      pass.backend().rowwise().add(h, y);
    }
  }

  private Matrix normed(Pass pass, Matrix x) {
    if (attentionNorm == null) {
      return x;
    }
    var normed = pass.matrix(x.rows(), x.columns());
    attentionNorm.apply(pass, x, normed);
    return normed;
  }
}
