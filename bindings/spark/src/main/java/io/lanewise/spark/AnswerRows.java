package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.QuestionAnswerer.Answer;
import io.lanewise.task.QuestionAnswerer.Question;
import io.lanewise.task.TaskOptions;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Questions and contexts to answers, with places in characters as SQL counts them, which are code
 * points.
 *
 * @param top answers of a row
 * @param impossible whether "none" may be an answer, as an empty text
 */
record AnswerRows(int top, boolean impossible)
    implements TaskRows<QuestionAnswerer, Question, List<Answer>> {
  private static final long serialVersionUID = 1L;

  private static final DataType TYPE =
      Cells.structs(
          Cells.field("answer", DataTypes.StringType),
          Cells.field("score", DataTypes.FloatType),
          Cells.field("start", DataTypes.IntegerType),
          Cells.field("end", DataTypes.IntegerType));

  @Override
  public QuestionAnswerer load(FolderSettings folder, TaskOptions options) {
    return QuestionAnswerer.load(folder, options);
  }

  @Override
  public QuestionAnswerer configured(QuestionAnswerer loaded) {
    return loaded.withTop(top).withImpossibleAnswer(impossible).withOffsets(OffsetUnit.CODE_POINTS);
  }

  @Override
  public Question input(Object[] cells) {
    return new Question(Cells.text(cells[0]), Cells.text(cells[1]));
  }

  @Override
  public Object cell(List<Answer> answer) {
    return Cells.rows(
        answer, each -> RowFactory.create(each.text(), each.score(), each.start(), each.end()));
  }

  @Override
  public DataType type() {
    return TYPE;
  }
}
