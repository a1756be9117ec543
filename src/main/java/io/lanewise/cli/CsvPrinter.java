package io.lanewise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Answers as comma-separated values by RFC 4180, with a head line: the fields of the first input,
 * then the columns of the command. A column whose name is taken begins with {@code result_}.
 */
final class CsvPrinter<I, A> implements Printer<I, A> {
  private final Verb<I, A> verb;
  private final Results results;
  private List<String> fields;

  CsvPrinter(Verb<I, A> verb, Results results) {
    this.verb = verb;
    this.results = results;
  }

  @Override
  public void print(Entry entry, I input, A answer) {
    var given = fields(entry);
    for (var row : verb.rows(input, answer)) {
      var cells = new ArrayList<Object>();
      fields.forEach(field -> cells.add(cell(given.get(field))));
      cells.addAll(row);
      line(cells);
    }
  }

  @Override
  public void printError(Entry entry, String message) {
    var given = entry.isObject() ? fields(entry) : Map.<String, JsonNode>of();
    if (fields == null) {
      fields = List.of(verb.field());
      head();
    }
    var cells = new ArrayList<Object>();
    fields.forEach(field -> cells.add(cell(given.get(field))));
    cells.add("error: " + message);
    verb.columns().stream().skip(1).forEach(_ -> cells.add(null));
    line(cells);
  }

  private Map<String, JsonNode> fields(Entry entry) {
    var given = new LinkedHashMap<String, JsonNode>();
    entry.fields().properties().forEach(each -> given.put(each.getKey(), each.getValue()));
    if (fields == null) {
      fields = List.copyOf(given.keySet());
      head();
    }
    return given;
  }

  private void head() {
    var cells = new ArrayList<Object>(fields);
    for (var column : verb.columns()) {
      cells.add(fields.contains(column.name()) ? "result_" + column.name() : column.name());
    }
    line(cells);
  }

  private static Object cell(JsonNode value) {
    return value == null || value.isNull()
        ? null
        : value.isTextual() ? value.textValue() : value.toString();
  }

  private void line(List<Object> cells) {
    line(results, cells);
  }

  /** Writes a record; null is an empty cell. */
  static void line(Results results, List<?> cells) {
    results.line(cells.stream().map(CsvPrinter::quoted).collect(Collectors.joining(",")) + "\r");
  }

  private static String quoted(Object cell) {
    var text = cell == null ? "" : cell.toString();
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void flush() {
    results.flush();
  }

  @Override
  public void end() {
    results.flush();
  }
}
