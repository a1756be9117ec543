package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.SelfAttention;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the original Transformer's encoder, normalised after each sum: {@code h = norm(x +
 * attention(x)); y = norm(h + feedForward(h))}. All families share it.
 */
public record EncoderLayer(
    SelfAttention attention, Norm attentionNorm, Mlp feedForward, Norm norm) {
  /**
   * Applies the layer.
   *
   * @param x [batch * tokens, hidden]
   * @param headMask [heads]; null for none
   * @param y [batch * tokens, hidden], written; may be x
   */
  public void apply(
      Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y) {
    pass.beginLayer();
    try (var _ = pass.frame()) {
      var h = pass.matrix(x.rows(), x.columns()); // [batch * tokens, hidden]
      attention.apply(pass, x, batch, mask, headMask, h);
      pass.dropout().hidden(pass, h);
      attentionNorm.apply(pass, h, x, h);
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
   * @param read null for all tokens
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
    if (read == null) {
      apply(pass, x, batch, mask, headMask, y);
      return;
    }
    pass.beginLayer();
    try (var _ = pass.frame()) {
      var asking = read.of(pass, x); // [read, hidden]
      var h = pass.matrix(read.count(), x.columns()); // [read, hidden]
      attention.apply(pass, x, batch, mask, headMask, read, asking, h);
      attentionNorm.apply(pass, h, asking, h);
      feedForward.apply(pass, h, y);
      norm.apply(pass, y, h, y);
    }
  }
}
