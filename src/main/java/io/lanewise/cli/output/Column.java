package io.lanewise.cli.output;

import java.util.Locale;

/**
 * A column of a command's answers.
 *
 * @param name as the head line of CSV has it
 * @param kind how it looks in a table
 */
public record Column(String name, Kind kind) {
  /** How a column looks in a table; CSV has them all. */
  enum Kind {
    /** Aligned on the left. */
    TEXT,
    /** Aligned on the right. */
    NUMBER,
    /** A heading of the rows that follow, such as {@code mask 2}; none if there is only one. */
    GROUP,
    /** Left out. */
    HIDDEN
  }

  public static Column text(String name) {
    return new Column(name, Kind.TEXT);
  }

  public static Column number(String name) {
    return new Column(name, Kind.NUMBER);
  }

  public static Column group(String name) {
    return new Column(name, Kind.GROUP);
  }

  public static Column hidden(String name) {
    return new Column(name, Kind.HIDDEN);
  }

  /** A cell for people: of a score six decimals, or three digits of a very small or large one. */
  static String shown(Object cell) {
    return switch (cell) {
      case null -> "-";
      case Float number -> decimals(number);
      case Double number -> decimals(number);
      default -> cell.toString();
    };
  }

  private static String decimals(double number) {
    double size = Math.abs(number);
    return (size >= 1e-4 && size < 1e6) || size == 0
        ? String.format(Locale.ROOT, "%.6f", number)
        : String.format(Locale.ROOT, "%.2e", number);
  }
}
