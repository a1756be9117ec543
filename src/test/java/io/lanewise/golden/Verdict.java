package io.lanewise.golden;

/**
 * How a case ended.
 *
 * @param largest difference of all numbers compared; NaN if none were
 * @param detail for people: what differs, or the error's message
 */
record Verdict(Kind kind, String name, double largest, String detail) {
  enum Kind {
    /** As expected. */
    PASS,
    /** It ran, and something differs. */
    FAIL,
    /** An exception that nobody expected. */
    ERROR,
    /** The mode or the family is not built yet. */
    UNSUPPORTED
  }

  /** {@code PASS albert_qa 4.77e-07}. */
  String line() {
    return kind + " " + name + " " + (Double.isNaN(largest) ? "-" : "%.2e".formatted(largest));
  }
}
