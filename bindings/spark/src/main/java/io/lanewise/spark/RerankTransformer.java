package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Queries and passages to scores; {@link io.lanewise.task.Reranker}. Where the pair column is a
 * text the answer is its score, {@code FLOAT}; where it is a list of texts the answer is the list,
 * the best first, {@code ARRAY<STRUCT<index, passage, score>>}.
 *
 * <pre>{@code
 * var rerank =
 *     new RerankTransformer()
 *         .setModel("my-model")
 *         .setInputCol("query")
 *         .setPairCol("passages")
 *         .setTop(3)
 *         .setOutputCol("ranked");
 * }</pre>
 */
public final class RerankTransformer extends LanewiseTransformer<RerankTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> pairCol =
      new Param<>(uid(), "pairCol", "column of the passage, or of a list of them");
  private final IntParam top =
      new IntParam(uid(), "top", "passages of an answer; 0 for all", ParamValidators.gtEq(0));

  /** With an identity of its own. */
  public RerankTransformer() {
    this(Identifiable.randomUID("lanewise_rerank"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public RerankTransformer(String uid) {
    super(uid);
    setDefault(top, 0);
  }

  /** Reads what was saved. */
  public static MLReader<RerankTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static RerankTransformer load(String path) {
    return read().load(path);
  }

  /** The column of the passage, or of a list of them. */
  public Param<String> pairCol() {
    return pairCol;
  }

  /** Passages of an answer where there is a list; 0, which is what counts if not said, for all. */
  public IntParam top() {
    return top;
  }

  /** Sets {@link #pairCol}. */
  public RerankTransformer setPairCol(String value) {
    return with(pairCol, value);
  }

  /** Sets {@link #top}. */
  public RerankTransformer setTop(int value) {
    return with(top, value);
  }

  @Override
  List<String> columns() {
    return List.of(needed(inputCol()), needed(pairCol));
  }

  @Override
  boolean fits(int column, DataType type) {
    return Cells.isText(type) || (column == 1 && Cells.isTexts(type));
  }

  @Override
  String wanted(int column) {
    return column == 0 ? super.wanted(column) : "a text or a list of texts (ARRAY<STRING>)";
  }

  @Override
  RerankRows rows(List<DataType> types) {
    return new RerankRows(Cells.isTexts(types.get(1)), number(top));
  }

  @Override
  RerankRows anyRows() {
    return rows(List.of(DataTypes.StringType, DataTypes.StringType));
  }
}
