package io.lanewise.nn;

import io.lanewise.checkpoint.Weights;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.tensor.Matrix;
import java.util.Arrays;

/**
 * Multi-head attention of a sequence to itself, in which a token sees its neighbours and the global
 * tokens, and a global token sees all by projections of its own (Beltagy et al. 2020, section 3).
 *
 * @param queryKeyValue the projections of all tokens as one, [hidden] to [3 * heads * headSize]
 * @param globalQuery of the global tokens, [hidden] to [heads * headSize]
 * @param globalKeyValue what the global tokens see, [hidden] to [2 * heads * headSize]
 * @param output projects the heads' results back, [heads * headSize] to [hidden]
 * @param window neighbours that a token sees, half of them on each side
 * @param multiple the probabilities of the global tokens are filled up to a multiple of so many
 *     keys, as Hugging Face fills up the sequences
 */
public record WindowedSelfAttention(
    Linear queryKeyValue,
    Linear globalQuery,
    Linear globalKeyValue,
    Linear output,
    int heads,
    int headSize,
    int window,
    int multiple)
    implements SelfAttention {

  /**
   * Loads the seven projections; {@code hidden} is a multiple of {@code heads}.
   *
   * @param self where {@code query}, {@code query_global} and so on are
   * @param output the projection back
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
        Linear.load(packing, hidden, hidden, self.at("query_global")),
        Linear.fused(packing, hidden, hidden, self.at("key_global"), self.at("value_global")),
        Linear.load(packing, hidden, hidden, output),
        heads,
        hidden / heads,
        window,
        multiple);
  }

  @Override
  public void apply(Pass pass, Matrix x, int batch, Mask mask, float[] headMask, Matrix y) {
    try (var _ = pass.frame()) {
      var context = pass.matrix(x.rows(), heads * headSize); // [batch * tokens, heads * headSize]
      attendLocally(pass, x, mask.roles(), headMask, context);
      if (mask.roles().mostGlobals() > 0) {
        attendGlobally(pass, x, mask, headMask, context);
      }
      output.apply(pass, context, y); // [batch * tokens, hidden]
    }
  }

  private float scale() {
    return (float) (1 / Math.sqrt(headSize));
  }

  private void attendLocally(
      Pass pass, Matrix x, TokenRoles roles, float[] headMask, Matrix context) {
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

  /** Replaces the rows of the global tokens. */
  private void attendGlobally(Pass pass, Matrix x, Mask mask, float[] headMask, Matrix context) {
    var roles = mask.roles();
    int tokens = roles.tokens();
    int width = heads * headSize;
    int[] rows = globalRows(roles);
    int padded = Math.ceilDiv(tokens, multiple) * multiple;
    var kept =
        pass.trace().keepsAttentions()
            ? GlobalProbabilities.of(roles, heads, padded, headMask)
            : null;
    try (var _ = pass.frame()) {
      var seen = pass.matrix(x.rows(), 2 * width); // [batch * tokens, 2 * heads * headSize]
      globalKeyValue.apply(pass, x, seen);
      var asking = pass.matrix(rows.length, x.columns()); // [globals, hidden]
      pass.backend().rowwise().gather(x, rows, asking);
      var q = pass.matrix(rows.length, width); // [globals, heads * headSize]
      globalQuery.apply(pass, asking, q);
      var found = pass.matrix(rows.length, width); // [globals, heads * headSize]
      int from = 0;
      for (int b = 0; b < roles.batch(); b++) {
        int count = roles.globals()[b].length;
        if (count > 0) {
          var ofSequence = seen.rows(b * tokens, tokens);
          var arguments =
              Attention.Arguments.of(
                      1,
                      heads,
                      count,
                      tokens,
                      headSize,
                      q.rows(from, count),
                      ofSequence.columns(0, width),
                      ofSequence.columns(width, width),
                      scale())
                  .withMask(mask.scores() == null ? null : mask.scores().rows(b, 1))
                  .withHeadMask(headMask);
          attendDensely(pass, arguments, b, kept, found.rows(from, count));
        }
        from += count;
      }
      for (int i = 0; i < rows.length; i++) {
        context.rows(rows[i], 1).copyFrom(found.rows(i, 1));
      }
    }
    if (kept != null) {
      pass.trace().globalAttention(kept.tensor());
    }
  }

  private static void attendDensely(
      Pass pass, Attention.Arguments arguments, int b, GlobalProbabilities kept, Matrix found) {
    try (var _ = pass.frame()) {
      Matrix probabilities = null;
      if (kept != null) {
        int rows = Math.multiplyExact(arguments.heads(), arguments.queries());
        probabilities = pass.matrix(rows, arguments.keys()); // [heads * globals, tokens]
      }
      AttentionHeads.attend(pass, arguments, probabilities, found);
      if (kept != null) {
        kept.put(b, probabilities);
      }
    }
  }

  private static int[] globalRows(TokenRoles roles) {
    var rows = new int[Arrays.stream(roles.globals()).mapToInt(each -> each.length).sum()];
    int i = 0;
    for (int b = 0; b < roles.batch(); b++) {
      for (int position : roles.globals()[b]) {
        rows[i++] = b * roles.tokens() + position;
      }
    }
    return rows;
  }
}
