package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Texts to their entities, with places in characters as SQL counts them, which are code points.
 *
 * @param stride tokens that windows of a long text share; -1 for no windows
 */
record TagRows(Aggregation aggregation, int stride)
    implements TaskRows<TokenClassifier, String, List<Entity>> {
  private static final long serialVersionUID = 1L;

  private static final DataType TYPE =
      Cells.structs(
          Cells.field("label", DataTypes.StringType),
          Cells.field("score", DataTypes.FloatType),
          Cells.field("word", DataTypes.StringType),
          Cells.field("start", DataTypes.IntegerType),
          Cells.field("end", DataTypes.IntegerType));

  @Override
  public TokenClassifier load(FolderSettings folder, TaskOptions options) {
    return TokenClassifier.load(folder, options);
  }

  @Override
  public TokenClassifier configured(TokenClassifier loaded) {
    var tagger = loaded.withAggregation(aggregation).withOffsets(OffsetUnit.CODE_POINTS);
    return stride < 0 ? tagger : tagger.withStride(stride);
  }

  @Override
  public String input(Object[] cells) {
    return Cells.text(cells[0]);
  }

  @Override
  public Object cell(List<Entity> answer) {
    return Cells.rows(
        answer,
        each ->
            RowFactory.create(each.label(), each.score(), each.word(), each.start(), each.end()));
  }

  @Override
  public DataType type() {
    return TYPE;
  }
}
