package io.lanewise.golden;

import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Compares what came out with what was expected, number by number: {@code |got − expected| ≤ atol +
 * rtol · |expected|}, NaN equals NaN, integers are equal.
 */
final class Comparison {
  private final GoldenCase golden;
  private final Tensor validRows;
  private String fault;
  private double largest;
  private double sum;
  private long count;

  /**
   * Starts a comparison.
   *
   * @param validRows [batch, tokens], 0 for rows that are not compared; null if all are
   */
  Comparison(GoldenCase golden, Tensor validRows) {
    this.golden = golden;
    this.validRows = validRows;
  }

  void compare(Map<String, Tensor> expected, Map<String, Tensor> actual) {
    expected.forEach((name, tensor) -> compare(name, tensor, actual.get(name)));
    for (var name : actual.keySet()) {
      if (!expected.containsKey(name) && !golden.drop().contains(name)) {
        blame(name + " came out and nobody asked for it");
      }
    }
  }

  private void compare(String name, Tensor expected, Tensor actual) {
    if (actual == null) {
      blame(name + " is missing");
    } else if (!expected.shape().equals(actual.shape())) {
      blame(name + ": shape " + actual.shape() + ", expected " + expected.shape());
    } else if (expected.dtype() == DType.I64) {
      if (!expected.equals(actual)) {
        blame(name + ": " + actual + ", expected " + expected);
      }
    } else {
      compareFloats(name, expected, actual.floats());
    }
  }

  private void compareFloats(String name, Tensor expected, float[] actual) {
    var wanted = expected.floats();
    int row = rowLength(name, expected);
    for (int i = 0; i < wanted.length; i++) {
      if (row > 0 && validRows.floats()[i / row] == 0) {
        continue;
      }
      double difference = difference(wanted[i], actual[i]);
      largest = Math.max(largest, difference);
      sum += difference;
      count++;
      if (!isClose(wanted[i], difference)) {
        blame(name + place(expected, i) + " is " + actual[i] + ", expected " + wanted[i]);
      }
    }
  }

  private static double difference(float wanted, float actual) {
    if (wanted == actual || (Float.isNaN(wanted) && Float.isNaN(actual))) {
      return 0;
    }
    double difference = Math.abs((double) actual - wanted);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private boolean isClose(float wanted, double difference) {
    return difference == 0
        || (Float.isFinite(wanted)
            && difference <= golden.atol() + golden.rtol() * Math.abs(wanted));
  }

  /** Elements of a row of a [batch, tokens, …] tensor that has rows to leave out, 0 otherwise. */
  private int rowLength(String name, Tensor tensor) {
    if (validRows == null || name.contains("attentions") || tensor.shape().rank() < 2) {
      return 0;
    }
    var rows = validRows.shape().dims();
    var first = Arrays.copyOf(tensor.shape().dims(), 2);
    return Arrays.equals(rows, first)
        ? (int) (tensor.shape().count() / validRows.shape().count())
        : 0;
  }

  private static String place(Tensor tensor, int flat) {
    var place = new long[tensor.shape().rank()];
    long rest = flat;
    for (int i = place.length - 1; i >= 0; i--) {
      place[i] = rest % tensor.shape().dim(i);
      rest /= tensor.shape().dim(i);
    }
    return Arrays.toString(place);
  }

  private void blame(String what) {
    if (fault == null) {
      fault = what;
    }
  }

  /** The first difference beyond the tolerance, null if there is none. */
  String fault() {
    return fault == null
        ? null
        : fault
            + " (largest difference %.2e, mean %.2e)".formatted(largest, sum / Math.max(1, count));
  }

  double largest() {
    return largest;
  }
}
