package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of each token to its neighbours and to the global tokens; global tokens
 * attend to all tokens, with projections of their own (Beltagy et al. 2020, section 3;
 * LongformerSelfAttention in Hugging Face's modeling_longformer.py).
 *
 * @param queryKeyValue the projections of all tokens as one, [hidden] to [3 * heads * headSize]
 * @param global attention of the global tokens
 * @param output projects the heads' results back, [heads * headSize] to [hidden]
 * @param window neighbours a token attends to, half of them on each side
 */
public record WindowedSelfAttention(
    Linear queryKeyValue,
    GlobalAttention global,
    Linear output,
    int heads,
    int headSize,
    int window)
    implements SelfAttention {

  /**
   * Loads the seven projections; {@code hidden} is a multiple of {@code heads}.
   *
   * @param multiple the probabilities of the global tokens are padded to a multiple of this number
   *     of keys, as Hugging Face pads the sequences (LongformerModel._pad_to_window_size)
   * @param self weights of {@code query}, {@code query_global} and so on
   * @param output weights of the output projection
   */
  public static WindowedSelfAttention load(
      Packing packing,
      int hidden,
      int heads,
      int window,
      int multiple,
      Weights self,
      Weights output) {
    return new WindowedSelfAttention(
        Linear.fused(packing, hidden, hidden, self.at("query"), self.at("key"), self.at("value")),
        GlobalAttention.load(packing, hidden, heads, multiple, self),
        Linear.load(packing, hidden, hidden, output),
        heads,
        hidden / heads,
        window);
  }

  @Override
  public void apply(
      Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y) {
    try (var _ = pass.frame()) {
      var context = pass.matrix(x.rows(), heads * headSize); // [batch * tokens, heads * headSize]
      attend(pass, x, mask, headMask, context);
      output.apply(pass, context, y); // [batch * tokens, hidden]
    }
  }

  @Override
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float[] headMask,
      ReadTokens read,
      Matrix queryRows,
      Matrix y) {
    try (var _ = pass.frame()) {
      var context = pass.matrix(x.rows(), heads * headSize); // [batch * tokens, heads * headSize]
      attend(pass, x, mask, headMask, context);
      output.apply(pass, read.of(pass, context), y); // [read, hidden]
    }
  }

  /** Computes the context of the tokens, before the output projection. */
  private void attend(Pass pass, Matrix x, Mask mask, float[] headMask, Matrix context) {
    attendLocally(pass, x, mask.roles(), headMask, context);
    if (mask.roles().mostGlobals() > 0) {
      global.apply(pass, x, mask, headMask, context);
    }
  }

  private float scale() {
    return (float) (1 / Math.sqrt(headSize));
  }

  private void attendLocally(
      Pass pass, Matrix x, TokenRoles roles, float @Nullable [] headMask, Matrix context) {
    int width = heads * headSize;
    try (var _ = pass.frame()) {
      var fused = pass.matrix(x.rows(), 3 * width); // [batch * tokens, 3 * heads * headSize]
      queryKeyValue.apply(pass, x, fused);
      var arguments =
          new WindowedAttention.Arguments(
              roles,
              heads,
              headSize,
              window,
              fused.columns(0, width),
              fused.columns(width, width),
              fused.columns(2 * width, width),
              scale(),
              headMask);
      Matrix probabilities = null;
      if (pass.trace().keepsAttentions() || pass.dropout().dropsAttention()) {
        probabilities = pass.matrix(Math.multiplyExact(x.rows(), heads), arguments.columns());
      }
      pass.backend().windowed().windowed(arguments, probabilities, context);
      if (pass.dropout().dropsAttention()) {
        pass.dropout().attention(pass, probabilities);
        WeightedValues.windowed(pass, arguments, probabilities, context);
      }
      if (pass.trace().keepsAttentions()) {
        pass.trace().attention(probabilities, roles.batch(), heads);
      }
    }
  }
}
