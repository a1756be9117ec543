package io.lanewise.cli.output;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Answers for people: aligned columns. Where there are several texts, each is shown above its rows,
 * or at the end of its row if it has only one; of those rows 64 are aligned together, and the next
 * are not narrower.
 */
public final class TablePrinter<A> implements Printer<A> {
  private static final int LONGEST_TITLE = 100;
  private static final String INDENT = "  ";
  private static final int ALIGNED = 64;

  private final String textField;
  private final AnswerFormat<A> format;
  private final TextOutput output;
  private final boolean several;
  private final List<Integer> shown = new ArrayList<>();
  private final int group;
  private final String alignment;
  private Table rows;
  private boolean first = true;

  /**
   * A printer.
   *
   * @param textField that holds an input's text
   * @param several whether more than one text may come
   */
  public TablePrinter(
      String textField, AnswerFormat<A> format, TextOutput output, boolean several) {
    this.textField = textField;
    this.format = format;
    this.output = output;
    this.several = several;
    var letters = new StringBuilder();
    int headings = -1;
    for (int i = 0; i < format.columns().size(); i++) {
      switch (format.columns().get(i).kind()) {
        case TEXT -> letters.append('l');
        case NUMBER -> letters.append('r');
        case GROUP -> headings = i;
        case NOT_IN_TABLE, JSON_ONLY -> {}
      }
      if (letters.length() > shown.size()) {
        shown.add(i);
      }
    }
    group = headings;
    alignment = letters + (isBeside() ? "l" : "");
    rows = new Table(alignment);
  }

  @Override
  public void print(InputRecord input, A answer) {
    var all = format.rows(answer);
    if (isBeside()) {
      for (var row : all) {
        rows.row(cells(row, title(input)));
      }
      if (rows.size() >= ALIGNED) {
        rows.print(output, "");
      }
      return;
    }
    heading(input);
    var indent = several ? INDENT : "";
    if (format.layout() == AnswerFormat.Layout.BELOW_TEXT_AND_NAMES) {
      rows.row(
          shown.stream().map(each -> format.columns().get(each).name()).toArray(String[]::new));
    }
    boolean grouped = group >= 0 && all.stream().map(row -> row.get(group)).distinct().count() > 1;
    Object current = null;
    for (var row : all) {
      if (grouped && !Objects.equals(row.get(group), current)) {
        current = row.get(group);
        printRows(indent + INDENT);
        output.line(indent + format.columns().get(group).name() + " " + Column.shown(current));
      }
      rows.row(cells(row, null));
    }
    printRows(grouped ? indent + INDENT : indent);
  }

  private String[] cells(List<Object> row, String title) {
    var cells = new ArrayList<String>();
    shown.forEach(column -> cells.add(Column.shown(row.get(column))));
    if (title != null) {
      cells.add(title);
    }
    return cells.toArray(String[]::new);
  }

  @Override
  public void printError(InputRecord input, String message) {
    rows.print(output, "");
    var title = title(input);
    if (title.isBlank()) {
      output.line(Visible.of("error: " + input.at(message))); // it cannot be shown
    } else if (isBeside()) {
      output.line(Visible.of("error: " + message + INDENT + title));
    } else {
      heading(input);
      output.line(Visible.of("error: " + message));
    }
  }

  /** Whether a text stands at the end of its row. */
  private boolean isBeside() {
    return several && format.layout() == AnswerFormat.Layout.BESIDE_TEXT;
  }

  private void heading(InputRecord input) {
    if (several) {
      if (!first) {
        output.line("");
      }
      output.heading(Visible.of(title(input)));
      first = false;
    }
  }

  /** The text, or what stands in the line if that is no text. */
  private String title(InputRecord input) {
    var title = input.shown(textField);
    int points = title.codePointCount(0, title.length());
    return points <= LONGEST_TITLE
        ? title
        : title.substring(0, title.offsetByCodePoints(0, LONGEST_TITLE - 1)) + "…";
  }

  /** Writes rows that belong together and to no others. */
  private void printRows(String indent) {
    rows.print(output, indent);
    rows = new Table(alignment);
  }

  @Override
  public void flush() {
    output.flush();
  }

  @Override
  public void pause() {
    rows.print(output, "");
    output.flush();
  }

  @Override
  public void end() {
    pause();
  }
}
