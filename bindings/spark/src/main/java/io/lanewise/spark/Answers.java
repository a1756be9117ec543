package io.lanewise.spark;

import io.lanewise.InputException;
import io.lanewise.MemoryException;
import io.lanewise.TokenizerException;
import io.lanewise.task.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Answers the cells of rows by the model of this JVM. */
record Answers<T extends Task<I, A>, I, A>(TaskRows<T, I, A> rows, ModelSettings settings)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What becomes of a row.
   *
   * @param value null where the input is null, or cannot be answered
   * @param error why it cannot; null if it was
   */
  record Cell(Object value, String error) {
    static final Cell NULL = new Cell(null, null);
  }

  /** A row that has an input. */
  private record Asked<I>(int row, I input) {}

  /**
   * An answer for each row, in their order.
   *
   * @param cells of each row
   * @param noted whether an input that cannot be answered gives its error
   * @throws io.lanewise.LanewiseException if one cannot be answered and that is not noted, or the
   *     model cannot be loaded
   */
  List<Cell> of(List<Object[]> cells, boolean noted) {
    var answers = new ArrayList<Cell>(cells.size());
    var asked = new ArrayList<Asked<I>>(cells.size());
    for (int row = 0; row < cells.size(); row++) {
      answers.add(Cell.NULL);
      if (Arrays.stream(cells.get(row)).allMatch(Objects::nonNull)) {
        try {
          asked.add(new Asked<>(row, rows.input(cells.get(row))));
        } catch (InputException e) {
          answers.set(row, error(e, noted));
        }
      }
    }
    if (!asked.isEmpty()) {
      answer(rows.configured(Models.here().get(rows, settings).task()), asked, answers, noted);
    }
    return answers;
  }

  /**
   * Of a window with a bad input each half is tried again, so that it takes few attempts to find
   * it. Nothing is lost by that: inputs are looked at before any is computed, and an answer is the
   * same whatever its neighbours are.
   */
  private void answer(T task, List<Asked<I>> asked, List<Cell> answers, boolean noted) {
    try {
      var given = rows.answers(task, asked.stream().map(Asked::input).toList());
      for (int i = 0; i < given.size(); i++) {
        answers.set(asked.get(i).row(), new Cell(rows.cell(given.get(i)), null));
      }
    } catch (InputException | TokenizerException | MemoryException e) {
      if (asked.size() == 1 || !noted) {
        asked.forEach(each -> answers.set(each.row(), error(e, noted)));
        return;
      }
      int half = asked.size() / 2;
      answer(task, asked.subList(0, half), answers, true);
      answer(task, asked.subList(half, asked.size()), answers, true);
    }
  }

  private static Cell error(RuntimeException e, boolean noted) {
    if (!noted) {
      throw e;
    }
    return new Cell(null, e.getMessage());
  }
}
