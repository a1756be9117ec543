package io.lanewise.kernel.scalar;

import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;

/**
 * The specification of {@link WindowedAttention}: sums in double precision, one query after the
 * other.
 */
public record ScalarWindowedAttention(Workers workers) implements WindowedAttention {
  @Override
  public void windowed(Arguments a, Matrix probabilities, Matrix out) {
    workers.run(
        Math.multiplyExact(a.roles().batch(), a.heads()),
        i -> {
          int b = i / a.heads();
          int head = i % a.heads();
          int tokens = a.roles().tokens();
          var q = part(a, a.q(), b, head); // [tokens * headSize]
          var k = part(a, a.k(), b, head); // [tokens * headSize]
          var v = part(a, a.v(), b, head); // [tokens * headSize]
          for (int t = 0; t < tokens; t++) {
            var keys = keys(a, b, t); // [columns]
            var row = new float[keys.length]; // [columns]
            if (a.roles().role(b, t).asksLocally()) {
              attend(a, head, keys, q, t, k, row);
            }
            if (probabilities != null) {
              probabilities.rows(i * tokens + t, 1).copyFrom(row, 0);
            }
            out.rows(b * tokens + t, 1)
                .columns(head * a.headSize(), a.headSize())
                .copyFrom(context(a, keys, row, v), 0);
          }
        });
  }

  /** The position of the key of each column, -1 where a column has none. */
  private static int[] keys(Arguments a, int b, int t) {
    var keys = new int[a.columns()];
    var globals = a.roles().globals()[b];
    int most = a.roles().mostGlobals();
    for (int column = 0; column < keys.length; column++) {
      if (column < most) {
        keys[column] = column < globals.length ? globals[column] : -1;
      } else {
        int key = t - a.reach() + column - most;
        boolean seen = key >= 0 && key < a.roles().tokens() && a.roles().role(b, key) == Role.LOCAL;
        keys[column] = seen ? key : -1;
      }
    }
    return keys;
  }

  private static void attend(
      Arguments a, int head, int[] keys, float[] q, int t, float[] k, float[] row) {
    for (int column = 0; column < keys.length; column++) {
      if (keys[column] < 0) {
        row[column] = Float.NEGATIVE_INFINITY;
        continue;
      }
      double sum = 0;
      for (int d = 0; d < a.headSize(); d++) {
        sum += (double) q[t * a.headSize() + d] * k[keys[column] * a.headSize() + d];
      }
      row[column] = (float) (sum * a.scale());
    }
    ScalarRowwise.softmax(row);
    if (a.headMask() != null) {
      for (int column = 0; column < row.length; column++) {
        row[column] *= a.headMask()[head];
      }
    }
  }

  private static float[] context(Arguments a, int[] keys, float[] row, float[] v) {
    var context = new float[a.headSize()];
    for (int d = 0; d < context.length; d++) {
      double sum = 0;
      for (int column = 0; column < row.length; column++) {
        double value = keys[column] < 0 ? 0 : v[keys[column] * a.headSize() + d];
        sum += row[column] * value;
      }
      context[d] = (float) sum;
    }
    return context;
  }

  private static float[] part(Arguments a, Matrix matrix, int b, int head) {
    int tokens = a.roles().tokens();
    return matrix.rows(b * tokens, tokens).columns(head * a.headSize(), a.headSize()).toArray();
  }
}
