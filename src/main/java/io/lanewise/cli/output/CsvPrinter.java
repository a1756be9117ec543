package io.lanewise.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.cli.job.InputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers as {@link Csv} with a head line: the fields of the first input, then the columns of the
 * command. A column whose name is taken begins with {@code result_}. What is wrong with an input
 * stands in the first column of the command, after {@code error:}.
 */
public final class CsvPrinter<A> implements Printer<A> {
  private final String textField;
  private final AnswerFormat<A> format;
  private final TextOutput output;
  private final List<Wrong> held = new ArrayList<>();
  private List<String> fields;

  /**
   * A printer.
   *
   * @param textField the only column of the input if no input can be read
   */
  public CsvPrinter(String textField, AnswerFormat<A> format, TextOutput output) {
    this.textField = textField;
    this.format = format;
    this.output = output;
  }

  /** An input that is no object, and why it has no answer. */
  private record Wrong(InputRecord input, String message) {}

  @Override
  public void print(InputRecord input, A answer) {
    var given = fields(input);
    for (var row : format.rows(answer)) {
      line(given, row);
    }
  }

  @Override
  public void printError(InputRecord input, String message) {
    if (input.isObject()) {
      line(fields(input), wrong(message));
    } else if (fields == null) {
      held.add(new Wrong(input, message)); // which fields there are, the first object says
    } else {
      line(Map.of(), wrong(input.at(message)));
    }
  }

  private List<Object> wrong(String message) {
    var cells = new ArrayList<Object>();
    cells.add(InputRecord.ERROR + ": " + message);
    format.columns().stream().skip(1).forEach(_ -> cells.add(null));
    return cells;
  }

  private Map<String, Object> fields(InputRecord input) {
    var given = input.fields();
    if (fields == null) {
      begin(List.copyOf(given.keySet()));
    }
    return given;
  }

  private void begin(List<String> names) {
    fields = names;
    var cells = new ArrayList<Object>(fields);
    for (var column : format.columns()) {
      cells.add(fields.contains(column.name()) ? "result_" + column.name() : column.name());
    }
    Csv.line(output, cells);
    held.forEach(each -> line(Map.of(), wrong(each.input.at(each.message))));
    held.clear();
  }

  private void line(Map<String, Object> given, List<?> row) {
    var cells = new ArrayList<Object>();
    fields.forEach(field -> cells.add(cell(given.get(field))));
    cells.addAll(row);
    Csv.line(output, cells);
  }

  private static Object cell(Object value) {
    return switch (value) {
      case null -> null;
      case JsonNode node when node.isNumber() -> new GivenNumber(node.toString());
      default -> value.toString();
    };
  }

  /** A number as it was given. */
  private record GivenNumber(String digits) implements Csv.Plain {
    @Override
    public String toString() {
      return digits;
    }
  }

  @Override
  public void flush() {
    output.flush();
  }

  @Override
  public void end() {
    if (!held.isEmpty()) {
      begin(List.of(textField));
    }
    output.flush();
  }
}
