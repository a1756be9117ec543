package io.lanewise.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The one description of a command's answers, from which table, CSV, JSON and JSON Lines follow:
 * the columns, and how the rows of an answer become one JSON value, as Hugging Face's pipeline
 * returns it for one input.
 *
 * @param <A> an answer
 */
public final class AnswerFormat<A> {
  /** How a table shows an answer beside the text that it belongs to. */
  public enum Layout {
    /** The rows below their text. */
    BELOW_TEXT,
    /** The same, with the names of the columns above the rows. */
    BELOW_TEXT_AND_NAMES,
    /** Each answer is one row, with its text at the end. */
    BESIDE_TEXT,
    /** The rows alone, without texts. */
    WITHOUT_TEXT
  }

  private final List<? extends Column<?>> columns;
  private final Function<A, List<List<Object>>> rows;
  private final Function<A, Object> json;
  private final Layout layout;

  private AnswerFormat(
      List<? extends Column<?>> columns,
      Function<A, List<List<Object>>> rows,
      Function<A, Object> json,
      Layout layout) {
    this.columns = columns;
    this.rows = rows;
    this.json = json;
    this.layout = layout;
  }

  private static <R> AnswerFormat<R> oneRow(List<Column<R>> columns, Function<R, Object> json) {
    var cells = Column.cells(columns);
    return new AnswerFormat<>(cells, row -> List.of(cells(cells, row)), json, Layout.BESIDE_TEXT);
  }

  /** An answer that is one row: a JSON object with a field a column. */
  public static <R> AnswerFormat<R> object(List<Column<R>> columns) {
    return oneRow(columns, row -> fields(columns, row));
  }

  /** An answer that is one row: a JSON array of its values, without the columns' names. */
  public static <R> AnswerFormat<R> array(List<Column<R>> columns) {
    return oneRow(columns, row -> new ArrayList<>(fields(columns, row).values()));
  }

  /** An answer that is one value, also in JSON. */
  public static <R> AnswerFormat<R> value(Column<R> column) {
    return oneRow(List.of(column), row -> column.json().apply(row));
  }

  /** An answer that is a list of rows: a JSON array of objects. */
  public static <R> AnswerFormat<List<R>> list(List<Column<R>> columns) {
    var cells = Column.cells(columns);
    return new AnswerFormat<>(
        cells,
        answer -> answer.stream().map(row -> cells(cells, row)).toList(),
        answer -> answer.stream().map(row -> fields(columns, row)).toList(),
        Layout.BELOW_TEXT);
  }

  /**
   * An answer that is several lists of rows: a JSON array of such lists, and one list alone if
   * there is only one.
   *
   * @param name of the column that counts the lists, from 1
   */
  public static <R> AnswerFormat<List<List<R>>> groups(String name, List<Column<R>> columns) {
    record Numbered<R>(int number, R row) {}
    var all = new ArrayList<Column<Numbered<R>>>();
    all.add(Column.group(name, Numbered::number));
    for (var column : Column.cells(columns)) {
      Function<Numbered<R>, Object> cell = each -> column.cell().apply(each.row);
      all.add(new Column<>(column.name(), column.kind(), false, cell, cell));
    }
    var list = list(columns);
    return new AnswerFormat<>(
        all,
        groups -> {
          var cells = new ArrayList<List<Object>>();
          for (int i = 0; i < groups.size(); i++) {
            int number = i + 1;
            groups.get(i).forEach(row -> cells.add(cells(all, new Numbered<>(number, row))));
          }
          return cells;
        },
        groups ->
            groups.size() == 1
                ? list.json.apply(groups.getFirst())
                : groups.stream().map(list.json).toList(),
        Layout.BELOW_TEXT);
  }

  /** The format of answers of which this is a part. */
  public <B> AnswerFormat<B> of(Function<? super B, ? extends A> part) {
    return new AnswerFormat<>(
        columns,
        answer -> rows.apply(part.apply(answer)),
        answer -> json.apply(part.apply(answer)),
        layout);
  }

  /** The same table and CSV; in JSON an object with these fields in the place of the rows. */
  public AnswerFormat<A> withJson(List<Column<A>> fields) {
    return new AnswerFormat<>(columns, rows, answer -> fields(fields, answer), layout);
  }

  /** The same table and CSV, with another value in JSON, as {@link JsonValue} takes it. */
  public AnswerFormat<A> withJsonValue(Function<A, Object> newJson) {
    return new AnswerFormat<>(columns, rows, newJson, layout);
  }

  /** The same with another layout of the table. */
  public AnswerFormat<A> withLayout(Layout newLayout) {
    return new AnswerFormat<>(columns, rows, json, newLayout);
  }

  private static <R> List<Object> cells(List<Column<R>> columns, R row) {
    var cells = new ArrayList<Object>(columns.size());
    columns.forEach(column -> cells.add(column.cell().apply(row)));
    return Collections.unmodifiableList(cells);
  }

  private static <R> Map<String, Object> fields(List<Column<R>> columns, R row) {
    var fields = new LinkedHashMap<String, Object>();
    columns.forEach(column -> fields.put(column.name(), column.json().apply(row)));
    return fields;
  }

  /** The columns of table and CSV. */
  List<? extends Column<?>> columns() {
    return columns;
  }

  /** The rows of an answer, a cell a column. */
  List<List<Object>> rows(A answer) {
    return rows.apply(answer);
  }

  /** The answer as one JSON value, for a field of another. */
  public Object json(A answer) {
    return json.apply(answer);
  }

  /** Writes the answer as one JSON value. */
  void write(JsonGenerator out, A answer) throws IOException {
    JsonValue.write(out, json.apply(answer));
  }

  /** How a table shows it. */
  public Layout layout() {
    return layout;
  }
}
