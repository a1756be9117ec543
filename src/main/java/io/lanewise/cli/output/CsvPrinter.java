package io.lanewise.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers as {@link Csv} with a head line: the fields of the first input, then the columns of the
 * command. A column whose name is taken begins with {@code result_}. What is wrong with an input
 * stands in the first column of the command, after {@code error:}.
 */
public final class CsvPrinter<I, A> implements Printer<I, A> {
  private final TaskCommand<I, A> verb;
  private final TextOutput results;
  private final List<Wrong> held = new ArrayList<>();
  private List<String> fields;

  public CsvPrinter(TaskCommand<I, A> verb, TextOutput results) {
    this.verb = verb;
    this.results = results;
  }

  /** An input that is no object, and why it has no answer. */
  private record Wrong(InputRecord entry, String message) {}

  @Override
  public void print(InputRecord entry, I input, A answer) {
    var given = fields(entry);
    for (var row : verb.rows(input, answer)) {
      line(given, row);
    }
  }

  @Override
  public void printError(InputRecord entry, String message) {
    if (entry.isObject()) {
      line(fields(entry), wrong(message));
    } else if (fields == null) {
      held.add(new Wrong(entry, message)); // which fields there are, the first object says
    } else {
      line(Map.of(), wrong(entry.at(message)));
    }
  }

  private List<Object> wrong(String message) {
    var cells = new ArrayList<Object>();
    cells.add(InputRecord.ERROR + ": " + message);
    verb.columns().stream().skip(1).forEach(_ -> cells.add(null));
    return cells;
  }

  private Map<String, JsonNode> fields(InputRecord entry) {
    var given = new LinkedHashMap<String, JsonNode>();
    entry.fields().properties().forEach(each -> given.put(each.getKey(), each.getValue()));
    if (fields == null) {
      begin(List.copyOf(given.keySet()));
    }
    return given;
  }

  private void begin(List<String> names) {
    fields = names;
    var cells = new ArrayList<Object>(fields);
    for (var column : verb.columns()) {
      cells.add(fields.contains(column.name()) ? "result_" + column.name() : column.name());
    }
    Csv.line(results, cells);
    held.forEach(each -> line(Map.of(), wrong(each.entry.at(each.message))));
    held.clear();
  }

  private void line(Map<String, JsonNode> given, List<?> row) {
    var cells = new ArrayList<Object>();
    fields.forEach(field -> cells.add(cell(given.get(field))));
    cells.addAll(row);
    Csv.line(results, cells);
  }

  private static Object cell(JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isTextual()
        ? value.textValue()
        : value.isNumber() ? new GivenNumber(value.toString()) : value.toString();
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
    results.flush();
  }

  @Override
  public void end() {
    if (!held.isEmpty()) {
      begin(List.of(verb.field()));
    }
    results.flush();
  }
}
