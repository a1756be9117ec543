package io.lanewise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of cells in aligned columns. */
final class Table {
  private static final String GAP = "  ";

  private final String alignment;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param alignment a letter a column, {@code l} for left, {@code r} for right
   */
  Table(String alignment) {
    this.alignment = alignment;
  }

  /** Adds a line. */
  Table row(String... cells) {
    if (cells.length != alignment.length()) {
      throw new IllegalArgumentException(cells.length + " cells for columns " + alignment);
    }
    var row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = visible(cells[i]);
    }
    rows.add(row);
    return this;
  }

  /** Writes all lines, each after {@code indent}. */
  void print(Results results, String indent) {
    var widths = new int[alignment.length()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    for (var row : rows) {
      var line = new StringBuilder(indent);
      for (int i = 0; i < widths.length; i++) {
        var blank = " ".repeat(widths[i] - width(row[i]));
        line.append(i == 0 ? "" : GAP);
        if (alignment.charAt(i) == 'r') {
          line.append(blank).append(row[i]);
        } else {
          line.append(row[i]).append(blank);
        }
      }
      results.line(line.toString().stripTrailing());
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /**
   * The same text with control characters (line breaks, terminal escapes) written as {@code \n} or
   * {@code \u001b}, so that it stays on its line and does nothing to a terminal.
   */
  static String visible(String text) {
    if (text.chars().noneMatch(Table::isControl)) {
      return text;
    }
    var shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
        default -> {
          if (isControl(c)) {
            shown.append("\\u%04x".formatted((int) c));
          } else {
            shown.append(c);
          }
        }
      }
    }
    return shown.toString();
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /** Bytes in a readable unit, such as {@code 5.1 MiB}. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes;
    var units = new String[] {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
  }
}
