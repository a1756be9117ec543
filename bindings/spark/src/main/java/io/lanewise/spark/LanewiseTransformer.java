package io.lanewise.spark;

import io.lanewise.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What all transformers here share: the model, the columns, and how rows go through the model. A
 * row whose input is null has a null answer. Rows come out in their order, and an answer has the
 * same bits whatever the partitions are.
 *
 * <pre>{@code
 * var embed =
 *     new EmbedTransformer().setModel("/models/e5-small").setInputCol("text").setOutputCol("vector");
 * Dataset<Row> vectors = embed.transform(texts);
 * }</pre>
 *
 * @param <S> the transformer itself
 */
public abstract sealed class LanewiseTransformer<S extends LanewiseTransformer<S>>
    extends Transformer implements DefaultParamsWritable
    permits EmbedTransformer,
        ClassifyTransformer,
        TagTransformer,
        AnswerTransformer,
        RerankTransformer,
        ZeroShotTransformer,
        SummarizeTransformer,
        FillMaskTransformer {
  private static final long serialVersionUID = 1L;

  /** The values of {@link #errorPolicy}. */
  private static final String FAIL = "fail";

  private static final String COLUMN = "column";

  private final String uid;
  private final Param<String> model;
  private final Param<String> revision;
  private final Param<String> digest;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final IntParam batchTokens;
  private final IntParam windowRows;
  private final IntParam maxLength;
  private final Param<String> dtype;
  private final IntParam threads;
  private final Param<String> errorPolicy;
  private final Param<String> errorCol;

  LanewiseTransformer(String uid) {
    this.uid = uid;
    model =
        new Param<>(
            uid, "model", "folder of the model on every executor, or its name in the Hub's cache");
    revision = new Param<>(uid, "revision", "revision of a name of the Hub; empty for main");
    digest = new Param<>(uid, "digest", "digest that the model's files must have; empty for any");
    inputCol = new Param<>(uid, "inputCol", "column of the input, a text");
    outputCol = new Param<>(uid, "outputCol", "column of the answer, which is added");
    batchTokens =
        new IntParam(
            uid, "batchTokens", "tokens of one forward pass, at least 1", ParamValidators.gtEq(1));
    windowRows =
        new IntParam(
            uid,
            "windowRows",
            "rows that are read, sorted by length and answered together, at least 1",
            ParamValidators.gtEq(1));
    maxLength =
        new IntParam(
            uid,
            "maxLength",
            "tokens to which a longer text is cut; 0 for what the model takes",
            ParamValidators.gtEq(0));
    dtype =
        new Param<>(
            uid,
            "dtype",
            "f32, bf16 or int8; auto for f32, or int8 if the folder holds that",
            ParamValidators.inArray(List.of(ModelSettings.AUTO, "f32", "bf16", "int8")));
    threads =
        new IntParam(
            uid,
            "threads",
            "threads of a forward pass; 0 for as many as a task has processors",
            ParamValidators.gtEq(0));
    errorPolicy =
        new Param<>(
            uid,
            "errorPolicy",
            "an input that cannot be answered: fail ends the job, column notes the error in"
                + " errorCol",
            ParamValidators.inArray(List.of(FAIL, COLUMN)));
    errorCol = new Param<>(uid, "errorCol", "column of the errors, null for a row without one");
    setDefault(revision, "");
    setDefault(digest, "");
    setDefault(batchTokens, 4096);
    setDefault(windowRows, 512);
    setDefault(maxLength, 0);
    setDefault(dtype, ModelSettings.AUTO);
    setDefault(threads, 0);
    setDefault(errorPolicy, FAIL);
  }

  @Override
  public final String uid() {
    return uid;
  }

  /** A folder that every executor has at this path, or a name in their caches of the Hub. */
  public final Param<String> model() {
    return model;
  }

  /** A branch, tag or commit of a name of the Hub; {@code main} if not said. */
  public final Param<String> revision() {
    return revision;
  }

  /**
   * The digest that {@link Preflight} found; an executor that holds other files then refuses to
   * load them. Any if not said.
   */
  public final Param<String> digest() {
    return digest;
  }

  /** The column of the input. */
  public final Param<String> inputCol() {
    return inputCol;
  }

  /** The column of the answer, which must not be there before. */
  public final Param<String> outputCol() {
    return outputCol;
  }

  /** Tokens of one forward pass, padding counted; 4,096 if not said. Memory follows it. */
  public final IntParam batchTokens() {
    return batchTokens;
  }

  /** Rows that are read, sorted by length, and answered together; 512 if not said. */
  public final IntParam windowRows() {
    return windowRows;
  }

  /** Tokens to which a longer text is cut; 0, which is what counts if not said, for the model's. */
  public final IntParam maxLength() {
    return maxLength;
  }

  /** {@code f32}, {@code bf16} or {@code int8}; {@code auto} if not said. */
  public final Param<String> dtype() {
    return dtype;
  }

  /**
   * Threads of a forward pass; 0, which is what counts if not said, for {@code spark.task.cpus}.
   */
  public final IntParam threads() {
    return threads;
  }

  /** {@code fail} if not said, or {@code column}. */
  public final Param<String> errorPolicy() {
    return errorPolicy;
  }

  /** The column of the errors where {@link #errorPolicy} is {@code column}. */
  public final Param<String> errorCol() {
    return errorCol;
  }

  /** Sets {@link #model}. */
  public final S setModel(String value) {
    return with(model, value);
  }

  /** Sets {@link #revision}. */
  public final S setRevision(String value) {
    return with(revision, value);
  }

  /** Sets {@link #digest}. */
  public final S setDigest(String value) {
    return with(digest, value);
  }

  /** Sets {@link #inputCol}. */
  public final S setInputCol(String value) {
    return with(inputCol, value);
  }

  /** Sets {@link #outputCol}. */
  public final S setOutputCol(String value) {
    return with(outputCol, value);
  }

  /** Sets {@link #batchTokens}. */
  public final S setBatchTokens(int value) {
    return with(batchTokens, value);
  }

  /** Sets {@link #windowRows}. */
  public final S setWindowRows(int value) {
    return with(windowRows, value);
  }

  /** Sets {@link #maxLength}. */
  public final S setMaxLength(int value) {
    return with(maxLength, value);
  }

  /** Sets {@link #dtype}. */
  public final S setDtype(String value) {
    return with(dtype, value);
  }

  /** Sets {@link #threads}. */
  public final S setThreads(int value) {
    return with(threads, value);
  }

  /** Sets {@link #errorPolicy}. */
  public final S setErrorPolicy(String value) {
    return with(errorPolicy, value);
  }

  /** Sets {@link #errorCol}, and {@link #errorPolicy} to {@code column}. */
  public final S setErrorCol(String value) {
    set(errorPolicy, COLUMN);
    return with(errorCol, value);
  }

  @SuppressWarnings("unchecked") // S is the class itself, which is sealed
  final <V> S with(Param<V> param, V value) {
    set(param, value);
    return (S) this;
  }

  /** The value that was set; null for none. */
  final <V> V orNull(Param<V> param) {
    return isDefined(param) ? getOrDefault(param) : null;
  }

  final int number(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  /** What rows are asked, by columns of these types. */
  abstract TaskRows<?, ?, ?> rows(List<DataType> types);

  /** Rows of which the columns do not matter: for what concerns the model alone. */
  abstract TaskRows<?, ?, ?> anyRows();

  /** The columns that are read, that of the input first. */
  List<String> columns() {
    return List.of(needed(inputCol));
  }

  /**
   * Whether a column of this type fits.
   *
   * @param column its place among {@link #columns}
   */
  boolean fits(int column, DataType type) {
    return Cells.isText(type);
  }

  /** What {@link #fits} wants, for a message. */
  String wanted(int column) {
    return "a text (STRING)";
  }

  final String needed(Param<String> param) {
    var value = orNull(param);
    if (value == null || value.isEmpty()) {
      throw new InputException("%s: %s is not set".formatted(uid, param.name()));
    }
    return value;
  }

  /** Which model, and how it is loaded. */
  final ModelSettings settings() {
    return new ModelSettings(
        needed(model),
        getOrDefault(revision),
        getOrDefault(dtype),
        number(batchTokens),
        number(maxLength),
        number(threads),
        getOrDefault(digest));
  }

  private boolean noted() {
    return getOrDefault(errorPolicy).equals(COLUMN);
  }

  /**
   * The schema with the answer's column, and that of the errors if there is one.
   *
   * @throws InputException if a column is missing, of another type, or there already; or the model
   *     is not set
   */
  @Override
  public final StructType transformSchema(StructType schema) {
    needed(model);
    var out = added(schema, needed(outputCol), rows(types(schema)).type());
    return noted() ? added(out, needed(errorCol), DataTypes.StringType) : out;
  }

  private List<DataType> types(StructType schema) {
    var types = new ArrayList<DataType>();
    for (var column : columns()) {
      var type = schema.apply(index(schema, column)).dataType();
      if (!fits(types.size(), type)) {
        throw new InputException(
            "%s: the column %s is %s, and should be %s"
                .formatted(uid, column, type.sql(), wanted(types.size())));
      }
      types.add(type);
    }
    return types;
  }

  private int index(StructType schema, String column) {
    int index = List.of(schema.fieldNames()).indexOf(column);
    if (index < 0) {
      throw new InputException(
          "%s: there is no column %s among %s"
              .formatted(uid, column, List.of(schema.fieldNames())));
    }
    return index;
  }

  private StructType added(StructType schema, String column, DataType type) {
    if (List.of(schema.fieldNames()).contains(column)) {
      throw new InputException(
          "%s: the column %s is there already: give another name".formatted(uid, column));
    }
    return schema.add(column, type, true);
  }

  /** Adds the answer's column. Nothing is computed until Spark asks for rows. */
  @Override
  public final Dataset<Row> transform(Dataset<?> dataset) {
    var schema = dataset.schema();
    var out = transformSchema(schema, true);
    int[] columns = columns().stream().mapToInt(column -> index(schema, column)).toArray();
    return dataset.toDF().mapPartitions(windows(rows(types(schema)), columns), Encoders.row(out));
  }

  private RowWindows<?, ?, ?> windows(TaskRows<?, ?, ?> rows, int[] columns) {
    return new RowWindows<>(rows, settings(), columns, number(windowRows), noted());
  }

  @Override
  public final S copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
