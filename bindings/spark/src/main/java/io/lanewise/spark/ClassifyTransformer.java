package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts, or pairs of texts, to labels, {@code ARRAY<STRUCT<label, score>>}, the best first; {@link
 * io.lanewise.task.TextClassifier}.
 *
 * <pre>{@code
 * var classify =
 *     new ClassifyTransformer()
 *         .setModel("my-model")
 *         .setInputCol("text")
 *         .setOutputCol("labels");
 * }</pre>
 */
public final class ClassifyTransformer extends LanewiseTransformer<ClassifyTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> pairCol =
      new Param<>(uid(), "pairCol", "column of the second text; none if not set");
  private final IntParam top =
      new IntParam(uid(), "top", "labels of an answer; 0 for all", ParamValidators.gtEq(0));
  private final FloatParam threshold =
      new FloatParam(
          uid(), "threshold", "scores that are not higher are left out; none if not set");

  /** With an identity of its own. */
  public ClassifyTransformer() {
    this(Identifiable.randomUID("lanewise_classify"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public ClassifyTransformer(String uid) {
    super(uid);
    setDefault(top, 0);
  }

  /** Reads what was saved. */
  public static MLReader<ClassifyTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static ClassifyTransformer load(String path) {
    return read().load(path);
  }

  /** The column of the second text of a pair; none if not set. */
  public Param<String> pairCol() {
    return pairCol;
  }

  /** Labels of an answer; 0, which is what counts if not said, for all. */
  public IntParam top() {
    return top;
  }

  /** Labels whose score is not higher are left out; none if not set. */
  public FloatParam threshold() {
    return threshold;
  }

  /** Sets {@link #pairCol}. */
  public ClassifyTransformer setPairCol(String value) {
    return with(pairCol, value);
  }

  /** Sets {@link #top}. */
  public ClassifyTransformer setTop(int value) {
    return with(top, value);
  }

  /** Sets {@link #threshold}. */
  public ClassifyTransformer setThreshold(float value) {
    return with(threshold, value);
  }

  @Override
  List<String> columns() {
    return orNull(pairCol) == null ? super.columns() : List.of(needed(inputCol()), needed(pairCol));
  }

  @Override
  ClassifyRows rows(List<DataType> types) {
    return new ClassifyRows(number(top), (Float) orNull(threshold));
  }

  @Override
  ClassifyRows anyRows() {
    return rows(List.of());
  }
}
