package io.lanewise.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What came of a file: how much was compared, how much differed, the first differences in full. */
final class CaseReport {
  private static final int SHOWN = 5;

  private final String name;
  private final List<String> first = new ArrayList<>();
  private long comparisons;
  private long differences;

  CaseReport(String name) {
    this.name = name;
  }

  /** An action whose failure is a difference. */
  interface Check {
    void run() throws Exception;
  }

  /** Runs checks of one record; what they throw counts as one difference. */
  void record(String where, Check check) {
    try {
      check.run();
    } catch (Exception e) {
      comparisons++;
      difference(where + ": " + e);
    }
  }

  void equal(String where, String expected, String actual) {
    equal(where, (Object) expected, actual);
  }

  void equal(String where, int[] expected, int[] actual) {
    comparisons++;
    if (!Arrays.equals(expected, actual)) {
      difference(where, Arrays.toString(expected), Arrays.toString(actual));
    }
  }

  void equal(String where, Object expected, Object actual) {
    comparisons++;
    if (!Objects.equals(expected, actual)) {
      difference(where, String.valueOf(expected), String.valueOf(actual));
    }
  }

  /** Like the others, for a great many comparisons: the place is only named when it is needed. */
  void equal(Supplier<String> where, String expected, String actual) {
    comparisons++;
    if (!expected.equals(actual)) {
      difference(where.get(), expected, actual);
    }
  }

  void equal(Supplier<String> where, boolean expected, boolean actual) {
    comparisons++;
    if (expected != actual) {
      difference(where.get(), String.valueOf(expected), String.valueOf(actual));
    }
  }

  /** Numbers that are written with so many decimals, or sampled with so large an error. */
  void near(String where, double expected, double actual, double error) {
    comparisons++;
    if (!(Math.abs(expected - actual) <= error)) {
      difference(where, expected + " ± " + error, String.valueOf(actual));
    }
  }

  private void difference(String where, String expected, String actual) {
    difference(where + "\n      expected " + expected + "\n      actual   " + actual);
  }

  void difference(String what) {
    differences++;
    if (first.size() < SHOWN) {
      first.add(what);
    }
  }

  long comparisons() {
    return comparisons;
  }

  long differences() {
    return differences;
  }

  /** {@code name comparisons differences}. */
  String line() {
    return name + " " + comparisons + " " + differences;
  }

  /** The first differences. */
  List<String> first() {
    return List.copyOf(first);
  }

  static int[] ints(JsonNode node) {
    var values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).intValue();
    }
    return values;
  }

  static List<String> strings(JsonNode node) {
    var values = new ArrayList<String>(node.size());
    node.forEach(value -> values.add(value.textValue()));
    return values;
  }
}
