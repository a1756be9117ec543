package io.lanewise.task.sentence;

import io.lanewise.InputException;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * The score of late interaction: for each of a query's vectors the largest dot product with one of
 * a document's, summed ({@code maxsim} of sentence-transformers).
 */
public final class MaxSim {
  /** What a document without vectors has, so that it comes after all others. */
  private static final float NOTHING = -1e9f;

  private MaxSim() {}

  /**
   * The score.
   *
   * @param query [tokens, size]
   * @param document [tokens, size]
   * @param mean whether the sum is divided by the number of the query's vectors
   * @throws InputException if their sizes differ
   */
  public static float of(Tensor query, Tensor document, boolean mean) {
    int size = query.shape().size(1);
    if (document.shape().size(1) != size) {
      throw new InputException(
          "vectors %s and %s cannot be compared: take those of one model"
              .formatted(query.shape(), document.shape()));
    }
    int asked = query.shape().size(0);
    int given = document.shape().size(0);
    double score = given == 0 ? NOTHING : sumOfLargest(query.floats(), document.floats(), size);
    return (float) (mean ? score / Math.max(asked, 1) : score);
  }

  /** The query's vectors are laid by columns, so that all are multiplied with a number at once. */
  private static double sumOfLargest(float[] query, float[] document, int size) {
    int asked = query.length / size;
    var columns = new double[query.length];
    for (int i = 0; i < asked; i++) {
      for (int k = 0; k < size; k++) {
        columns[k * asked + i] = query[i * size + k];
      }
    }
    var largest = new double[asked];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    var dots = new double[asked];
    for (int from = 0; from < document.length; from += size) {
      Arrays.fill(dots, 0);
      for (int k = 0; k < size; k++) {
        double x = document[from + k];
        int column = k * asked;
        for (int i = 0; i < asked; i++) {
          dots[i] += x * columns[column + i];
        }
      }
      for (int i = 0; i < asked; i++) {
        largest[i] = Math.max(largest[i], dots[i]);
      }
    }
    return Arrays.stream(largest).sum();
  }
}
