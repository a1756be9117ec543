package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.Reranker;
import io.lanewise.task.Reranker.Query;
import io.lanewise.task.Reranker.Ranked;
import io.lanewise.task.TaskOptions;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Queries and passages to scores.
 *
 * @param many whether a row has a list of passages, which is sorted; otherwise it has one, and the
 *     answer is its score
 * @param top passages of an answer; 0 for all
 */
record RerankRows(boolean many, int top) implements TaskRows<Reranker, Query, List<Ranked>> {
  private static final long serialVersionUID = 1L;

  private static final DataType RANKED =
      Cells.structs(
          Cells.field("index", DataTypes.IntegerType),
          Cells.field("passage", DataTypes.StringType),
          Cells.field("score", DataTypes.FloatType));

  @Override
  public Reranker load(FolderSettings folder, TaskOptions options) {
    return Reranker.load(folder, options);
  }

  @Override
  public Reranker configured(Reranker loaded) {
    return top == 0 ? loaded : loaded.withTop(top);
  }

  @Override
  public Query input(Object[] cells) {
    var passages = many ? Cells.texts(cells[1]) : List.of(Cells.text(cells[1]));
    return new Query(Cells.text(cells[0]), passages);
  }

  @Override
  public Object cell(List<Ranked> answer) {
    return many
        ? Cells.rows(answer, each -> RowFactory.create(each.index(), each.passage(), each.score()))
        : (Object) answer.getFirst().score();
  }

  @Override
  public DataType type() {
    return many ? RANKED : DataTypes.FloatType;
  }
}
