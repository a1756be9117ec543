package io.lanewise.family.head;

import io.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Losses as PyTorch defines them, summed in double precision. */
public final class Losses {
  /** The label that PyTorch's cross entropy leaves out unless told otherwise. */
  public static final int IGNORED = -100;

  private Losses() {}

  /**
   * {@code CrossEntropyLoss}: the mean of {@code log Σ exp(x) − x[label]} over the rows whose label
   * is not {@code ignored}; NaN if there is none.
   *
   * @param logits [labels, classes]
   * @param labels each in [0, classes) or {@code ignored}
   */
  public static double crossEntropy(float[] logits, int classes, int[] labels, int ignored) {
    double sum = 0;
    int counted = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != ignored) {
        int row = i * classes;
        sum += logSumOfPowers(logits, row, classes) - logits[row + labels[i]];
        counted++;
      }
    }
    return sum / counted;
  }

  private static double logSumOfPowers(float[] values, int from, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp((double) values[i] - max);
    }
    return max + Math.log(sum);
  }

  /** {@code MSELoss}: the mean of the squared differences. */
  public static double meanSquaredError(float[] logits, float[] targets) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double difference = (double) logits[i] - targets[i];
      sum += difference * difference;
    }
    return sum / logits.length;
  }

  /**
   * {@code BCEWithLogitsLoss}: the mean of {@code max(x, 0) − x · y + log(1 + exp(−|x|))}, which is
   * the cross entropy of {@code sigmoid(x)} without its overflow.
   */
  public static double binaryCrossEntropy(float[] logits, float[] targets) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double x = logits[i];
      sum += Math.max(x, 0) - x * targets[i] + Math.log1p(Math.exp(-Math.abs(x)));
    }
    return sum / logits.length;
  }

  /** The sum of two losses of the same shape times a factor, null if one is missing. */
  static @Nullable Tensor sum(@Nullable Tensor first, @Nullable Tensor second, float factor) {
    if (first == null || second == null) {
      return null;
    }
    var sums = new float[first.floats().length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (first.floats()[i] + second.floats()[i]) * factor;
    }
    return Tensor.of(sums, first.shape().dims());
  }
}
