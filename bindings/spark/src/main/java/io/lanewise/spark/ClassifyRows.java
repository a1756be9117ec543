package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.LabelScore;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * Texts or pairs to labels.
 *
 * @param top labels of an answer; 0 for all
 * @param threshold scores that are not higher are left out; null for none
 */
record ClassifyRows(int top, Float threshold)
    implements TaskRows<TextClassifier, TextPair, List<LabelScore>> {
  private static final long serialVersionUID = 1L;

  @Override
  public TextClassifier load(FolderSettings folder, TaskOptions options) {
    return TextClassifier.load(folder, options);
  }

  @Override
  public TextClassifier configured(TextClassifier loaded) {
    var classifier = top == 0 ? loaded : loaded.withTop(top);
    return threshold == null ? classifier : classifier.withThreshold(threshold);
  }

  @Override
  public TextPair input(Object[] cells) {
    return cells.length == 1
        ? TextPair.of(Cells.text(cells[0]))
        : TextPair.of(Cells.text(cells[0]), Cells.text(cells[1]));
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
