package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Questions and contexts to answers, {@code ARRAY<STRUCT<answer, score, start, end>>}, the best
 * first; {@link io.lanewise.task.QuestionAnswerer}. Places in the context are counted in characters
 * from 0, as SQL counts them.
 *
 * <pre>{@code
 * var answer =
 *     new AnswerTransformer()
 *         .setModel("my-model")
 *         .setInputCol("question")
 *         .setPairCol("context")
 *         .setOutputCol("answers");
 * }</pre>
 */
public final class AnswerTransformer extends LanewiseTransformer<AnswerTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> pairCol = new Param<>(uid(), "pairCol", "column of the context");
  private final IntParam top =
      new IntParam(uid(), "top", "answers of a row, at least 1", ParamValidators.gtEq(1));
  private final BooleanParam impossible =
      new BooleanParam(uid(), "impossible", "whether none may be an answer, as an empty text");

  /** With an identity of its own. */
  public AnswerTransformer() {
    this(Identifiable.randomUID("lanewise_answer"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public AnswerTransformer(String uid) {
    super(uid);
    setDefault(top, 1);
    setDefault(impossible, false);
  }

  /** Reads what was saved. */
  public static MLReader<AnswerTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static AnswerTransformer load(String path) {
    return read().load(path);
  }

  /** The column of the context, a text. */
  public Param<String> pairCol() {
    return pairCol;
  }

  /** Answers of a row; 1 if not said. */
  public IntParam top() {
    return top;
  }

  /** Whether there may be none, which is an empty text; false if not said. */
  public BooleanParam impossible() {
    return impossible;
  }

  /** Sets {@link #pairCol}. */
  public AnswerTransformer setPairCol(String value) {
    return with(pairCol, value);
  }

  /** Sets {@link #top}. */
  public AnswerTransformer setTop(int value) {
    return with(top, value);
  }

  /** Sets {@link #impossible}. */
  public AnswerTransformer setImpossible(boolean value) {
    return with(impossible, value);
  }

  @Override
  List<String> columns() {
    return List.of(needed(inputCol()), needed(pairCol));
  }

  @Override
  AnswerRows rows(List<DataType> types) {
    return new AnswerRows(number(top), (Boolean) getOrDefault(impossible));
  }

  @Override
  AnswerRows anyRows() {
    return rows(List.of());
  }
}
