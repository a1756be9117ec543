package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;

/**
 * The second half of attention alone, {@code probabilities · values}, from probabilities that were
 * written down and changed. The kernels do both halves at once; this is for training's dropout.
 */
final class WeightedValues {
  private WeightedValues() {}

  /**
   * Of dense attention.
   *
   * @param probabilities [batch * heads * queries, keys]
   * @param out [batch * queries, heads * headSize], written
   */
  static void dense(Pass pass, Attention.Arguments a, Matrix probabilities, Matrix out) {
    pass.backend()
        .workers()
        .run(
            Math.multiplyExact(a.batch(), a.heads()),
            i -> {
              int b = i / a.heads();
              int column = i % a.heads() * a.headSize();
              var values = a.valuesOf(b).toArray(column, a.headSize());
              for (int t = 0; t < a.queries(); t++) {
                var row = probabilities.rows(i * a.queries() + t, 1).toArray();
                var sum = new float[a.headSize()];
                for (int key = 0; key < row.length; key++) {
                  add(row[key], values, key, sum);
                }
                write(sum, out, b * a.queries() + t, column);
              }
            });
  }

  /**
   * Of windowed attention. Rows that are not those of local tokens stay as they are.
   *
   * @param probabilities [batch * heads * tokens, columns]
   * @param out [batch * tokens, heads * headSize], written
   */
  static void windowed(Pass pass, WindowedAttention.Arguments a, Matrix probabilities, Matrix out) {
    int tokens = a.roles().tokens();
    int most = a.roles().mostGlobals();
    pass.backend()
        .workers()
        .run(
            Math.multiplyExact(a.roles().batch(), a.heads()),
            i -> {
              int b = i / a.heads();
              int column = i % a.heads() * a.headSize();
              int[] globals = a.roles().globals()[b];
              var values = a.v().rows(b * tokens, tokens).columns(column, a.headSize()).toArray();
              for (int t = 0; t < tokens; t++) {
                if (!a.roles().role(b, t).asksLocally()) {
                  continue;
                }
                var row = probabilities.rows(i * tokens + t, 1).toArray();
                var sum = new float[a.headSize()];
                for (int j = 0; j < globals.length; j++) {
                  add(row[j], values, globals[j], sum);
                }
                for (int j = most; j < row.length; j++) {
                  int key = t - a.reach() + j - most;
                  if (key >= 0 && key < tokens && a.roles().role(b, key) == Role.LOCAL) {
                    add(row[j], values, key, sum);
                  }
                }
                write(sum, out, b * tokens + t, column);
              }
            });
  }

  private static void add(float weight, float[] values, int key, float[] sum) {
    int from = key * sum.length;
    for (int d = 0; d < sum.length; d++) {
      sum[d] += weight * values[from + d];
    }
  }

  private static void write(float[] sum, Matrix out, int row, int column) {
    out.rows(row, 1).columns(column, sum.length).copyFrom(sum, 0);
  }
}
