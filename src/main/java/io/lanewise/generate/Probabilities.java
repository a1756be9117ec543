package io.lanewise.generate;

import java.util.Arrays;

/**
 * The softmax of scores; excluded tokens have probability 0.
 *
 * @param values [vocabulary], 0 for excluded tokens
 */
record Probabilities(double[] values) {
  static Probabilities of(float[] scores) {
    float most = Constraint.EXCLUDED;
    for (float score : scores) {
      most = Math.max(most, score);
    }
    var values = new double[scores.length];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > Constraint.EXCLUDED) {
        values[i] = Math.exp((double) scores[i] - most);
        sum += values[i];
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return new Probabilities(values);
  }

  double of(int token) {
    return values[token];
  }

  /** Shannon's entropy in nats. */
  double entropy() {
    double entropy = 0;
    for (double value : values) {
      if (value > 0) {
        entropy -= value * Math.log(value);
      }
    }
    return entropy;
  }

  /** {@code x − log Σ exp(x)}; the array is changed. */
  static float[] logSoftmax(float[] scores) {
    float most = Constraint.EXCLUDED;
    for (float score : scores) {
      most = Math.max(most, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp((double) score - most);
    }
    double log = most + Math.log(sum);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (scores[i] - log);
    }
    return scores;
  }

  /** Whether no token is left. */
  static boolean excludeAll(float[] scores) {
    for (float score : scores) {
      if (score != Constraint.EXCLUDED) {
        return false;
      }
    }
    return true;
  }

  /**
   * The tokens that are not excluded, in descending order of their scores; of equal ones the lower
   * id first.
   */
  static int[] descending(float[] scores) {
    var keys = new long[scores.length];
    int count = 0;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > Constraint.EXCLUDED) {
        int bits = Float.floatToRawIntBits(0f - scores[i]);
        keys[count++] = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | i;
      }
    }
    Arrays.sort(keys, 0, count);
    var tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = (int) keys[i];
    }
    return tokens;
  }
}
