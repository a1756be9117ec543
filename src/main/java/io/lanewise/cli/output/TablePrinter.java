package io.lanewise.cli.output;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Answers for people: aligned columns. Where there are several texts, each is shown above its rows,
 * or at the end of its row if it has only one; of those rows 64 are aligned together, and the next
 * are not narrower.
 */
public final class TablePrinter<I, A> implements Printer<I, A> {
  private static final int LONGEST_TITLE = 100;
  private static final String INDENT = "  ";
  private static final int ALIGNED = 64;

  private final TaskCommand<I, A> verb;
  private final TextOutput results;
  private final boolean several;
  private final List<Integer> shown = new ArrayList<>();
  private final int group;
  private final String alignment;
  private Table rows;
  private boolean first = true;

  /**
   * A printer.
   *
   * @param several whether more than one text may come
   */
  public TablePrinter(TaskCommand<I, A> verb, TextOutput results, boolean several) {
    this.verb = verb;
    this.results = results;
    this.several = several;
    var letters = new StringBuilder();
    int headings = -1;
    for (int i = 0; i < verb.columns().size(); i++) {
      switch (verb.columns().get(i).kind()) {
        case TEXT -> letters.append('l');
        case NUMBER -> letters.append('r');
        case GROUP -> headings = i;
        case HIDDEN -> {}
      }
      if (letters.length() > shown.size()) {
        shown.add(i);
      }
    }
    group = headings;
    alignment = letters + (verb.isOneRow() && several ? "l" : "");
    rows = new Table(alignment);
  }

  @Override
  public void print(InputRecord entry, I input, A answer) {
    var all = verb.rows(input, answer);
    if (verb.isOneRow() && several) {
      for (var row : all) {
        rows.row(cells(row, title(entry)));
      }
      if (rows.size() >= ALIGNED) {
        rows.print(results, "");
      }
      return;
    }
    heading(entry);
    var indent = several ? INDENT : "";
    if (verb.isHeaded()) {
      rows.row(shown.stream().map(each -> verb.columns().get(each).name()).toArray(String[]::new));
    }
    boolean grouped = group >= 0 && all.stream().map(row -> row.get(group)).distinct().count() > 1;
    Object current = null;
    for (var row : all) {
      if (grouped && !Objects.equals(row.get(group), current)) {
        current = row.get(group);
        printRows(indent + INDENT);
        results.line(indent + verb.columns().get(group).name() + " " + Column.shown(current));
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
  public void printError(InputRecord entry, String message) {
    rows.print(results, "");
    var title = title(entry);
    if (title.isBlank()) {
      results.line(Visible.of("error: " + entry.at(message))); // it cannot be shown
    } else if (verb.isOneRow() && several) {
      results.line(Visible.of("error: " + message + INDENT + title));
    } else {
      heading(entry);
      results.line(Visible.of("error: " + message));
    }
  }

  private void heading(InputRecord entry) {
    if (several) {
      if (!first) {
        results.line("");
      }
      results.heading(Visible.of(title(entry)));
      first = false;
    }
  }

  /** The text, or what stands in the line if that is no text. */
  private String title(InputRecord entry) {
    String title = entry.json();
    if (entry.isObject()) {
      title = entry.optionalText(verb.field()).orElse(entry.json());
    }
    int points = title.codePointCount(0, title.length());
    return points <= LONGEST_TITLE
        ? title
        : title.substring(0, title.offsetByCodePoints(0, LONGEST_TITLE - 1)) + "…";
  }

  /** Writes rows that belong together and to no others. */
  private void printRows(String indent) {
    rows.print(results, indent);
    rows = new Table(alignment);
  }

  @Override
  public void flush() {
    results.flush();
  }

  @Override
  public void pause() {
    rows.print(results, "");
    results.flush();
  }

  @Override
  public void end() {
    pause();
  }
}
