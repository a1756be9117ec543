package io.lanewise.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tensor.Tensor;
import java.util.TreeMap;

/**
 * The largest difference of numbers from expected ones that have six decimals, and what is wrong.
 */
final class Differences {
  /** Half of the last decimal, and what single precision makes of numbers of this size. */
  private static final double TOLERANCE = 1e-5;

  private double largest = Double.NaN;
  private String fault;

  /** NaN if nothing was compared. */
  double largest() {
    return largest;
  }

  /** The first difference beyond the tolerance; null if there is none. */
  String fault() {
    return fault;
  }

  private void fail(String what) {
    if (fault == null) {
      fault = what;
    }
  }

  void count(String what, int expected, int actual) {
    if (expected != actual) {
      fail("%s: %d instead of %d".formatted(what, actual, expected));
    }
  }

  void compare(String what, double expected, float actual) {
    double difference = Math.abs(expected - actual);
    largest = Double.isNaN(largest) ? difference : Math.max(largest, difference);
    if (!(difference <= TOLERANCE * Math.max(1, Math.abs(expected)))) {
      fail("%s: %s instead of %s".formatted(what, actual, expected));
    }
  }

  /** A list of numbers. */
  void compare(String what, JsonNode expected, float[] actual) {
    count(what + ": numbers", expected.size(), actual.length);
    for (int i = 0; i < Math.min(expected.size(), actual.length); i++) {
      compare(what + ", number " + i, expected.get(i).asDouble(), actual[i]);
    }
  }

  /** Lists of numbers, each of which is a row. */
  void compare(String what, JsonNode expected, Tensor actual) {
    count(what + ": rows", expected.size(), actual.shape().size(0));
    for (int i = 0; i < Math.min(expected.size(), actual.shape().size(0)); i++) {
      compare(what + ", row " + i, expected.get(i), actual.row(i));
    }
  }

  /** An object from places to weights; those that are left out are 0. */
  void compareSparse(String what, JsonNode expected, SparseVector actual) {
    var weights = new TreeMap<Integer, Float>();
    expected.fieldNames().forEachRemaining(place -> weights.put(Integer.valueOf(place), 0f));
    for (int i = 0; i < actual.size(); i++) {
      weights.put(actual.indices()[i], actual.weights()[i]);
    }
    weights.forEach(
        (place, weight) ->
            compare(what + ", place " + place, expected.path("" + place).asDouble(), weight));
  }
}
