package io.lanewise.kernel.scalar;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;

/**
 * The reference implementation of {@link Attention}: sums in double precision, one query after the
 * other.
 */
public record ScalarAttention(Workers workers) implements Attention {
  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    workers.run(
        Math.multiplyExact(a.batch(), a.heads()),
        i -> {
          int b = i / a.heads();
          int head = i % a.heads();
          var q =
              part(a.q(), a.firstQuery(b), a.queriesOf(b), head, a.headSize()); // [queries * size]
          var k = a.keysOf(b).toArray(head * a.headSize(), a.headSize()); // [keys * size]
          var v = a.valuesOf(b).toArray(head * a.headSize(), a.headSize()); // [keys * size]
          for (int t = 0; t < a.queriesOf(b); t++) {
            var row = scores(a, b, head, t, q, k); // [keys]
            ScalarRowwise.softmax(row);
            if (a.headMask() != null) {
              for (int s = 0; s < row.length; s++) {
                row[s] *= a.headMask()[head];
              }
            }
            if (probabilities != null) {
              probabilities.rows(i * a.queries() + t, 1).copyFrom(row, 0);
            }
            var context = new float[a.headSize()];
            for (int d = 0; d < context.length; d++) {
              double sum = 0;
              for (int s = 0; s < row.length; s++) {
                sum += (double) row[s] * v[s * a.headSize() + d];
              }
              context[d] = (float) sum;
            }
            out.rows(a.firstQuery(b) + t, 1)
                .columns(head * a.headSize(), a.headSize())
                .copyFrom(context, 0);
          }
        });
  }

  private static float[] scores(Arguments a, int b, int head, int t, float[] q, float[] k) {
    var row = new float[a.keysOf(b).count()];
    for (int s = 0; s < row.length; s++) {
      double sum = 0;
      for (int d = 0; d < a.headSize(); d++) {
        sum += (double) q[t * a.headSize() + d] * k[s * a.headSize() + d];
      }
      if (a.positionScores() != null) {
        sum += a.positionScores().get((b * a.heads() + head) * a.queries() + t, s);
      }
      row[s] = (float) (sum * a.scale());
      if (a.mask() != null) {
        row[s] += a.mask().get(a.mask().rows() == a.batch() ? b : b * a.queries() + t, s);
      }
    }
    return row;
  }

  private static float[] part(Matrix matrix, int from, int tokens, int head, int headSize) {
    return matrix.rows(from, tokens).columns(head * headSize, headSize).toArray();
  }
}
