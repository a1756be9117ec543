package io.lanewise.cli.command;

import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import java.util.List;

/** The columns of labels and their scores. */
final class LabelColumns {
  static final List<Column<LabelScore>> ALL =
      List.of(
          Column.text("label", LabelScore::label),
          Column.<LabelScore>number("score", LabelScore::score).asFirst());

  private LabelColumns() {}
}
