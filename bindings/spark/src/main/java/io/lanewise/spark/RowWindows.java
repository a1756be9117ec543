package io.lanewise.spark;

import io.lanewise.CancelledException;
import io.lanewise.task.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Answers the rows of a partition, a window of them at a time: the model reads texts of like length
 * together, and the rows come out in their own order.
 *
 * @param columns of the input, and of the pair if there is one
 * @param size rows of a window
 * @param noted whether an input that cannot be answered gives its error in a column, instead of
 *     ending the job
 */
record RowWindows<T extends Task<I, A>, I, A>(
    TaskRows<T, I, A> rows, ModelSettings settings, int[] columns, int size, boolean noted)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  @Override
  public Iterator<Row> call(Iterator<Row> partition) {
    return new Iterator<>() {
      private final Queue<Row> ready = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        return !ready.isEmpty() || partition.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (ready.isEmpty()) {
          ready.addAll(window(partition));
        }
        return ready.remove();
      }
    };
  }

  private List<Row> window(Iterator<Row> partition) {
    Interruption.check();
    var window = new ArrayList<Row>(size);
    while (window.size() < size && partition.hasNext()) {
      window.add(partition.next());
    }
    var cells = window.stream().map(this::cells).toList();
    try {
      var answers = new Answers<>(rows, settings).of(cells, noted);
      var out = new ArrayList<Row>(window.size());
      for (int i = 0; i < window.size(); i++) {
        out.add(extended(window.get(i), answers.get(i)));
      }
      return out;
    } catch (CancelledException e) {
      Interruption.check(); // Spark's own exception, if it was Spark that interrupted
      throw e;
    }
  }

  private Object[] cells(Row row) {
    var cells = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      cells[i] = row.get(columns[i]);
    }
    return cells;
  }

  private Row extended(Row row, Answers.Cell answer) {
    int own = row.size();
    var values = new Object[own + (noted ? 2 : 1)];
    for (int i = 0; i < own; i++) {
      values[i] = row.get(i);
    }
    values[own] = answer.value();
    if (noted) {
      values[own + 1] = answer.error();
    }
    return RowFactory.create(values);
  }
}
