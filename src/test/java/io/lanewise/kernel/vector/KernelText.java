package io.lanewise.kernel.vector;

import java.util.Locale;

/** The source text of a generated kernel, and the names of its variables. */
final class KernelText {
  private static final String[] NUMBERS = {
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve"
  };

  private final StringBuilder text = new StringBuilder();

  void line(String line) {
    text.append(line).append('\n');
  }

  /** Lines that end with a line break. */
  void block(String lines) {
    text.append(lines);
  }

  /** The length of a vector, in lanes and in bytes. */
  void lengths() {
    line("    int lanes = SPECIES_PREFERRED.length();");
    line("    long bytes = SPECIES_PREFERRED.vectorByteSize();");
  }

  static String number(int number) {
    return NUMBERS[number];
  }

  /** Such as {@code Two rows}. */
  static String rows(int rows) {
    String name = number(rows);
    return name.substring(0, 1).toUpperCase(Locale.ROOT)
        + name.substring(1)
        + (rows == 1 ? " row" : " rows");
  }

  /** The sum of a row and a vector. */
  static String sum(int row, int vector) {
    return (char) ('a' + row) + "" + vector;
  }

  /** An offset of {@code vectors} vectors. */
  static String bytes(int vectors) {
    return vectors == 0 ? "" : vectors == 1 ? " + bytes" : " + %d * bytes".formatted(vectors);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
