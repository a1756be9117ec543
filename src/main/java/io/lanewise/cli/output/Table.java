package io.lanewise.cli.output;

import io.lanewise.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of cells in aligned columns. */
public final class Table {
  private static final String GAP = "  ";

  private final String alignment;
  private final int[] widths;
  private List<String[]> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param alignment a letter a column, {@code l} for left, {@code r} for right
   */
  public Table(String alignment) {
    this.alignment = alignment;
    widths = new int[alignment.length()];
  }

  /** Adds a line. */
  public Table row(String... cells) {
    if (cells.length != alignment.length()) {
      throw new IllegalArgumentException(cells.length + " cells for columns " + alignment);
    }
    var row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = Visible.of(cells[i]);
    }
    rows.add(row);
    return this;
  }

  /** How many lines have been added and not been written. */
  int size() {
    return rows.size();
  }

  /**
   * Writes the lines that were added since the last time, each after {@code indent}. Columns are as
   * wide as these and those before need them.
   */
  public void print(TextOutput output, String indent) {
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
      output.line(line.toString().stripTrailing());
    }
    rows = new ArrayList<>();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** Bytes in a readable unit, such as {@code 5.1 MiB}. */
  public static String size(long bytes) {
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
