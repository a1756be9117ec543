package io.lanewise.nn.attention;

import io.lanewise.kernel.Attention;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;

/**
 * Attention whose heads mix their scores before the softmax and their probabilities behind it
 * (Shazeer et al. 2020), as Hugging Face's {@code DisentangledSelfAttention} of DeBERTa does with
 * {@code talking_head}: the mask comes behind the first mixture, and probabilities that are
 * returned are mixed already.
 *
 * <p>No kernel knows it, and few models have it: these are plain loops.
 *
 * @param scores [heads * heads], what each head takes of the scores of each
 * @param probabilities likewise of the probabilities
 */
public record TalkingHeads(float[] scores, float[] probabilities) {
  /**
   * Attends.
   *
   * @param a of sequences of one length, whose tokens all ask; without a head mask
   * @param kept [batch * heads * queries, keys], written with the probabilities
   * @param context [batch * queries, heads * headSize], written
   */
  void attend(Pass pass, Attention.Arguments a, Matrix kept, Matrix context) {
    if (a.starts() != null || a.queryStarts() != null || a.headMask() != null) {
      throw new IllegalArgumentException("heads that talk need whole sequences: " + a);
    }
    var workers = pass.backend().workers();
    workers.run(a.batch(), b -> weigh(a, b, kept));
    pass.dropout().attention(pass, kept);
    workers.run(a.batch(), b -> mixProbabilities(a, b, kept));
    WeightedValues.dense(pass, a, kept, context);
  }

  private void weigh(Attention.Arguments a, int b, Matrix kept) {
    int heads = a.heads();
    int size = a.headSize();
    var keys = a.keysOf(b).toArray(0, heads * size); // [keys, heads * size]
    var queries = a.q().rows(a.firstQuery(b), a.queries()).toArray();
    var raw = new double[heads];
    for (int t = 0; t < a.queries(); t++) {
      var rows = new double[heads][a.keys()];
      for (int s = 0; s < a.keys(); s++) {
        for (int h = 0; h < heads; h++) {
          double sum = 0;
          for (int d = h * size; d < (h + 1) * size; d++) {
            sum += (double) queries[t * heads * size + d] * keys[s * heads * size + d];
          }
          if (a.positionScores() != null) {
            sum += a.positionScores().get((b * heads + h) * a.queries() + t, s);
          }
          raw[h] = sum * a.scale();
        }
        float mask = mask(a, b, t, s);
        for (int h = 0; h < heads; h++) {
          // As floats, of which the lowest swallows the score that it is added to.
          rows[h][s] = (float) mixed(scores, raw, h) + mask;
        }
      }
      for (int h = 0; h < heads; h++) {
        kept.rows((b * heads + h) * a.queries() + t, 1).copyFrom(softmax(rows[h]), 0);
      }
    }
  }

  private static float mask(Attention.Arguments a, int b, int query, int key) {
    var mask = a.mask();
    if (mask == null) {
      return 0;
    }
    return mask.get(mask.rows() == a.batch() ? b : a.firstQuery(b) + query, key);
  }

  private void mixProbabilities(Attention.Arguments a, int b, Matrix kept) {
    int heads = a.heads();
    var before = new double[heads];
    for (int t = 0; t < a.queries(); t++) {
      var rows = new float[heads][];
      for (int h = 0; h < heads; h++) {
        rows[h] = kept.rows((b * heads + h) * a.queries() + t, 1).toArray();
      }
      for (int s = 0; s < a.keys(); s++) {
        for (int h = 0; h < heads; h++) {
          before[h] = rows[h][s];
        }
        for (int h = 0; h < heads; h++) {
          rows[h][s] = (float) mixed(probabilities, before, h);
        }
      }
      for (int h = 0; h < heads; h++) {
        kept.rows((b * heads + h) * a.queries() + t, 1).copyFrom(rows[h], 0);
      }
    }
  }

  private static double mixed(float[] weights, double[] values, int head) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[head * values.length + i] * values[i];
    }
    return sum;
  }

  private static float[] softmax(double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : row) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int s = 0; s < row.length; s++) {
      row[s] = Math.exp(row[s] - max);
      sum += row[s];
    }
    var result = new float[row.length];
    for (int s = 0; s < row.length; s++) {
      result[s] = (float) (row[s] / sum);
    }
    return result;
  }
}
