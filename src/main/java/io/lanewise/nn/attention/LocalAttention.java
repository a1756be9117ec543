package io.lanewise.nn.attention;

import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of a sequence to itself, in which a token sees its neighbours alone: sliding
 * window attention without global tokens. Its cost grows with {@code tokens * window}; only where
 * the probabilities are wanted is there a matrix of all tokens by all tokens, because that is what
 * they are given as.
 *
 * <p>A token that sees nobody, such as padding far from any token, attends to all tokens of its
 * sequence evenly, as everywhere.
 *
 * @param dense its projections, and what it is where the window reaches everywhere
 * @param reach neighbours that a token sees on each side; negative if it does not even see itself
 */
public record LocalAttention(DenseAttention dense, int reach) implements SelfAttention {
  @Override
  public void apply(
      Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask, Matrix y) {
    int tokens = tokens(x, batch, mask);
    if (reach >= tokens - 1) {
      dense.apply(pass, x, batch, mask, headMask, y);
    } else if (reach < 0 || pass.trace().keepsAttentions() || pass.dropout().dropsAttention()) {
      try (var _ = pass.frame()) {
        var band = mask.withinReach(pass, batch, tokens, reach);
        dense.apply(pass, x, batch, band, headMask, y);
      }
    } else {
      try (var _ = pass.frame()) {
        var context = context(pass, x, batch, mask, headMask);
        dense.output().apply(pass, context, y);
      }
    }
  }

  @Override
  public void apply(
      Pass pass,
      Matrix x,
      int batch,
      Mask mask,
      float @Nullable [] headMask,
      ReadTokens read,
      Matrix asking,
      Matrix y) {
    int tokens = tokens(x, batch, mask);
    try (var _ = pass.frame()) {
      if (reach >= tokens - 1) {
        dense.apply(pass, x, batch, mask, headMask, read, asking, y);
      } else if (reach < 0) {
        var band = mask.withinReach(pass, batch, tokens, reach);
        dense.apply(pass, x, batch, band, headMask, read, asking, y);
      } else {
        var context = context(pass, x, batch, mask, headMask);
        dense.output().apply(pass, read.of(pass, context), y);
      }
    }
  }

  private static int tokens(Matrix x, int batch, Mask mask) {
    return mask.sequences() == null ? x.rows() / batch : mask.sequences().longest();
  }

  /** What the tokens see, before it is projected back, [batch * tokens, heads * headSize]. */
  private Matrix context(Pass pass, Matrix x, int batch, Mask mask, float @Nullable [] headMask) {
    var context = pass.matrix(x.rows(), dense.heads().width());
    try (var _ = pass.frame()) {
      var projected = dense.project(pass, x, mask);
      if (mask.sequences() != null) {
        int[] starts = mask.sequences().starts();
        for (int b = 0; b < batch; b++) {
          int tokens = starts[b + 1] - starts[b];
          attend(
              pass,
              TokenRoles.allLocal(1, tokens),
              projected.rows(starts[b], tokens),
              headMask,
              context.rows(starts[b], tokens));
        }
      } else {
        var roles = roles(mask, batch, x.rows() / batch);
        attend(pass, roles, projected, headMask, context);
        attendEvenly(roles, projected.v(), headMask, context);
      }
    }
    return context;
  }

  private void attend(
      Pass pass,
      TokenRoles roles,
      DenseAttention.Projected projected,
      float @Nullable [] headMask,
      Matrix context) {
    var arguments =
        new WindowedAttention.Arguments(
            roles,
            dense.heads().count(),
            dense.heads().size(),
            Math.multiplyExact(2, reach),
            projected.q(),
            projected.k(),
            projected.v(),
            (float) (1 / Math.sqrt(dense.heads().size())),
            headMask);
    pass.backend().windowed().windowed(arguments, null, context);
  }

  /** Padding near a token sees it; padding that sees nobody has no part. */
  private TokenRoles roles(Mask mask, int batch, int tokens) {
    if (mask.scores() == null) {
      return TokenRoles.allLocal(batch, tokens);
    }
    var roles = new Role[Math.multiplyExact(batch, tokens)];
    Arrays.fill(roles, Role.HIDDEN);
    for (int b = 0; b < batch; b++) {
      int from = 0; // the first token that the last token seen does not reach
      for (int t = 0; t < tokens; t++) {
        if (mask.scores().get(b, t) == 0) {
          int first = Math.max(from, t - reach);
          int end = (int) Math.min(tokens, (long) t + reach + 1);
          for (int near = first; near < end; near++) {
            boolean seen = mask.scores().get(b, near) == 0;
            roles[b * tokens + near] = seen ? Role.LOCAL : Role.UNSEEN;
          }
          from = Math.max(from, end);
        }
      }
    }
    return TokenRoles.of(batch, tokens, roles);
  }

  /** The rows of tokens that see nobody: the mean of all values of the sequence. */
  private void attendEvenly(
      TokenRoles roles, Matrix v, float @Nullable [] headMask, Matrix context) {
    int tokens = roles.tokens();
    for (int b = 0; b < roles.batch(); b++) {
      float[] mean = null;
      for (int t = 0; t < tokens; t++) {
        if (roles.role(b, t) == Role.HIDDEN) {
          mean = mean != null ? mean : mean(v.rows(b * tokens, tokens), headMask);
          context.rows(b * tokens + t, 1).copyFrom(mean, 0);
        }
      }
    }
  }

  private float[] mean(Matrix values, float @Nullable [] headMask) {
    var sums = new double[values.columns()];
    for (int t = 0; t < values.rows(); t++) {
      var row = values.rows(t, 1).toArray();
      for (int j = 0; j < row.length; j++) {
        sums[j] += row[j];
      }
    }
    var mean = new float[sums.length];
    for (int j = 0; j < mean.length; j++) {
      double factor = headMask == null ? 1 : headMask[j / dense.heads().size()];
      mean[j] = (float) (sums[j] / values.rows() * factor);
    }
    return mean;
  }
}
