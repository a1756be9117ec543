package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.FillMask;
import io.lanewise.task.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Texts to what fills their masks.
 *
 * @param top candidates for a mask
 * @param targets the only candidates; empty for the whole vocabulary
 */
record FillMaskRows(int top, List<String> targets)
    implements TaskRows<FillMask, String, FillMask.Answer> {
  private static final long serialVersionUID = 1L;

  private static final DataType TYPE =
      Cells.structs(
          Cells.field("mask", DataTypes.IntegerType),
          Cells.field("token", DataTypes.StringType),
          Cells.field("score", DataTypes.FloatType),
          Cells.field("text", DataTypes.StringType));

  @Override
  public FillMask load(FolderSettings folder, TaskOptions options) {
    return FillMask.load(folder, options);
  }

  @Override
  public FillMask configured(FillMask loaded) {
    var fillMask = loaded.withTop(top);
    return targets.isEmpty() ? fillMask : fillMask.withTargets(targets);
  }

  @Override
  public String input(Object[] cells) {
    return Cells.text(cells[0]);
  }

  @Override
  public Object cell(FillMask.Answer answer) {
    var rows = new ArrayList<Row>();
    for (int mask = 0; mask < answer.masks().size(); mask++) {
      for (var each : answer.masks().get(mask).candidates()) {
        rows.add(RowFactory.create(mask, each.token(), each.score(), each.text()));
      }
    }
    return rows.toArray(Row[]::new);
  }

  @Override
  public DataType type() {
    return TYPE;
  }
}
