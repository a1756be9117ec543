package io.lanewise.spark;

import io.lanewise.InputException;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to labels that the model was not trained for, {@code ARRAY<STRUCT<label, score>>}, the best
 * first; {@link io.lanewise.task.ZeroShot}. The labels are those of {@link #labels}, or of each
 * row.
 *
 * <pre>{@code
 * var zeroShot =
 *     new ZeroShotTransformer()
 *         .setModel("my-model")
 *         .setLabels("sports", "politics")
 *         .setInputCol("text")
 *         .setOutputCol("labels");
 * }</pre>
 */
public final class ZeroShotTransformer extends LanewiseTransformer<ZeroShotTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> pairCol =
      new Param<>(uid(), "pairCol", "column of the labels of each row; labels if not set");
  private final StringArrayParam labels =
      new StringArrayParam(this, "labels", "labels of every row");
  private final Param<String> template =
      new Param<>(uid(), "template", "the hypothesis, with {} for the label");
  private final BooleanParam multiLabel =
      new BooleanParam(uid(), "multiLabel", "whether labels do not exclude each other");

  /** With an identity of its own. */
  public ZeroShotTransformer() {
    this(Identifiable.randomUID("lanewise_zero_shot"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public ZeroShotTransformer(String uid) {
    super(uid);
    setDefault(multiLabel, false);
  }

  /** Reads what was saved. */
  public static MLReader<ZeroShotTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static ZeroShotTransformer load(String path) {
    return read().load(path);
  }

  /** The column of the labels of each row, a list of texts; {@link #labels} if not set. */
  public Param<String> pairCol() {
    return pairCol;
  }

  /** The labels of every row. */
  public StringArrayParam labels() {
    return labels;
  }

  /** The hypothesis, with {@code {}} where the label stands; "This example is {}." if not set. */
  public Param<String> template() {
    return template;
  }

  /** Whether labels do not exclude each other; false if not said. */
  public BooleanParam multiLabel() {
    return multiLabel;
  }

  /** Sets {@link #pairCol}. */
  public ZeroShotTransformer setPairCol(String value) {
    return with(pairCol, value);
  }

  /** Sets {@link #labels}. */
  public ZeroShotTransformer setLabels(String... value) {
    return with(labels, value);
  }

  /** Sets {@link #template}. */
  public ZeroShotTransformer setTemplate(String value) {
    return with(template, value);
  }

  /** Sets {@link #multiLabel}. */
  public ZeroShotTransformer setMultiLabel(boolean value) {
    return with(multiLabel, value);
  }

  @Override
  List<String> columns() {
    return orNull(pairCol) == null ? super.columns() : List.of(needed(inputCol()), needed(pairCol));
  }

  @Override
  boolean fits(int column, DataType type) {
    return column == 0 ? Cells.isText(type) : Cells.isTexts(type);
  }

  @Override
  String wanted(int column) {
    return column == 0 ? super.wanted(column) : "a list of texts (ARRAY<STRING>)";
  }

  @Override
  ZeroShotRows rows(List<DataType> types) {
    boolean all = isDefined(labels);
    if (all == (types.size() > 1)) {
      throw new InputException(
          uid() + ": set labels for all rows, or pairCol for the labels of each, and not both");
    }
    return new ZeroShotRows(
        all ? List.of(getOrDefault(labels)) : List.of(),
        orNull(template),
        (Boolean) getOrDefault(multiLabel));
  }

  @Override
  ZeroShotRows anyRows() {
    return new ZeroShotRows(List.of(), orNull(template), (Boolean) getOrDefault(multiLabel));
  }
}
