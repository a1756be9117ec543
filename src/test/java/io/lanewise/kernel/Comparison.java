package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.fail;

import io.lanewise.memory.Matrix;
import java.lang.foreign.ValueLayout;

/**
 * Compares matrices element by element.
 *
 * @param tolerance the largest difference, relative to the expected number where that is above 1
 */
public record Comparison(double tolerance) {
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * Fails if a difference exceeds the tolerance, with the first and the largest one in the message;
   * NaN equals only NaN.
   */
  public void check(Matrix actual, Matrix expected) {
    if (actual.rows() != expected.rows() || actual.columns() != expected.columns()) {
      fail("sizes differ");
    }
    double largest = 0;
    String first = null;
    for (int i = 0; i < actual.rows(); i++) {
      for (int j = 0; j < actual.columns(); j++) {
        float a = actual.get(i, j);
        float e = expected.get(i, j);
        double difference = Math.abs((double) a - e) / Math.max(1, Math.abs(e));
        boolean same = Float.compare(a, e) == 0 || difference <= tolerance;
        if (!same && first == null) {
          first = "(%d, %d) is %s, expected %s".formatted(i, j, a, e);
        }
        largest = Math.max(largest, difference);
      }
    }
    if (first != null) {
      fail("%s; the largest difference is %s, allowed %s".formatted(first, largest, tolerance));
    }
  }
}
