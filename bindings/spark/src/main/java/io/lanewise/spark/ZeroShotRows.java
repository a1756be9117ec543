package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.LabelScore;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.ZeroShot;
import io.lanewise.task.ZeroShot.Question;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to labels of the user's own.
 *
 * @param labels of every row; empty where each row has its own in the pair column
 * @param template the hypothesis; null for the pipeline's
 * @param multiLabel whether labels do not exclude each other
 */
record ZeroShotRows(List<String> labels, String template, boolean multiLabel)
    implements TaskRows<ZeroShot, Question, List<LabelScore>> {
  private static final long serialVersionUID = 1L;

  @Override
  public ZeroShot load(FolderSettings folder, TaskOptions options) {
    return ZeroShot.load(folder, options, null);
  }

  @Override
  public ZeroShot configured(ZeroShot loaded) {
    var zeroShot = loaded.withMultiLabel(multiLabel);
    return template == null ? zeroShot : zeroShot.withTemplate(template);
  }

  @Override
  public Question input(Object[] cells) {
    return new Question(Cells.text(cells[0]), cells.length == 1 ? labels : Cells.texts(cells[1]));
  }

  @Override
  public Object cell(List<LabelScore> answer) {
    return Cells.labels(answer);
  }

  @Override
  public DataType type() {
    return Cells.LABELS;
  }
}
