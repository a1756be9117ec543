package io.lanewise.cli.output;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A column of an answer: its name, its value in a row, and where it is written.
 *
 * @param name in the head line of CSV, and of the field in JSON
 * @param kind where it is written
 * @param first whether table and CSV begin with it; JSON has the order in which columns are listed
 * @param cell its value in table and CSV: a text, a number, a boolean, or null for none
 * @param json its value in JSON, as {@link JsonValue} takes it
 * @param <R> a row
 */
public record Column<R>(
    String name,
    Kind kind,
    boolean first,
    Function<? super R, ?> cell,
    Function<? super R, ?> json) {
  /** Where a column is written. */
  enum Kind {
    /** Everywhere; in a table it is aligned on the left. */
    TEXT,
    /** Everywhere; in a table it is aligned on the right. */
    NUMBER,
    /**
     * In CSV; in a table it is a heading above its rows, such as {@code mask 2}, and none if all
     * rows have the same. In JSON, rows of a group are a list of their own.
     */
    GROUP,
    /** In CSV and JSON. */
    NOT_IN_TABLE,
    /** In JSON. */
    JSON_ONLY
  }

  public static <R> Column<R> text(String name, Function<? super R, ?> value) {
    return new Column<>(name, Kind.TEXT, false, value, value);
  }

  public static <R> Column<R> number(String name, Function<? super R, ?> value) {
    return new Column<>(name, Kind.NUMBER, false, value, value);
  }

  static <R> Column<R> group(String name, Function<? super R, ?> value) {
    return new Column<>(name, Kind.GROUP, false, value, value);
  }

  /** A column that a table leaves out. */
  public static <R> Column<R> notInTable(String name, Function<? super R, ?> value) {
    return new Column<>(name, Kind.NOT_IN_TABLE, false, value, value);
  }

  /** A column that JSON has alone. */
  public static <R> Column<R> jsonOnly(String name, Function<? super R, ?> value) {
    return new Column<>(name, Kind.JSON_ONLY, false, value, value);
  }

  /** The same as the first column of table and CSV. */
  public Column<R> asFirst() {
    return new Column<>(name, kind, true, cell, json);
  }

  /** The same with another value in JSON. */
  public Column<R> withJson(Function<? super R, ?> newJson) {
    return new Column<>(name, kind, first, cell, newJson);
  }

  /** The columns of table and CSV, in their order. */
  static <R> List<Column<R>> cells(List<Column<R>> columns) {
    var cells = columns.stream().filter(each -> each.kind != Kind.JSON_ONLY).toList();
    return Stream.concat(
            cells.stream().filter(Column::first), cells.stream().filter(each -> !each.first))
        .toList();
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
