package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.Task;
import io.lanewise.task.TaskOptions;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * What a task does with rows: an input out of cells, an answer into a cell.
 *
 * @param <T> the task that is loaded
 * @param <I> its input
 * @param <A> its answer
 */
interface TaskRows<T extends Task<I, A>, I, A> extends Serializable {
  /** Where config.json and the weights lie; in a folder of modules mostly the folder itself. */
  default Path modelFolder(Path folder) {
    return folder;
  }

  /** Loads the model. What {@link #configured} sets does not count. */
  T load(FolderSettings folder, TaskOptions options);

  /** The loaded task, whose model is shared, with the settings of these rows. */
  T configured(T loaded);

  /**
   * A row's input.
   *
   * @param cells of the input column, and of the pair column if there is one; none is null
   * @throws io.lanewise.InputException if they are no input
   */
  I input(Object[] cells);

  /** Answers in the order of the inputs. */
  default List<A> answers(T task, List<I> inputs) {
    return task.predictAll(inputs);
  }

  /** The answer as Spark takes it: a {@code float[]}, a text, or rows. */
  Object cell(A answer);

  /** The type of {@link #cell}. */
  DataType type();
}
