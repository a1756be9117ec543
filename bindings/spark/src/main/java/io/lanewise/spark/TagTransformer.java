package io.lanewise.spark;

import io.lanewise.task.TokenClassifier.Aggregation;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to entities, {@code ARRAY<STRUCT<label, score, word, start, end>>}; {@link
 * io.lanewise.task.TokenClassifier}. Places are counted in characters from 0, as SQL counts them:
 * {@code substring(text, start + 1, end - start)}.
 *
 * <pre>{@code
 * var tag =
 *     new TagTransformer()
 *         .setModel("my-model")
 *         .setAggregation("simple")
 *         .setInputCol("text")
 *         .setOutputCol("entities");
 * }</pre>
 */
public final class TagTransformer extends LanewiseTransformer<TagTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> aggregation =
      new Param<>(
          uid(),
          "aggregation",
          "how tokens are put together: none, simple, first, average or max",
          ParamValidators.inArray(List.of("none", "simple", "first", "average", "max")));
  private final IntParam stride =
      new IntParam(
          uid(),
          "stride",
          "tokens that windows of a long text share; -1 to refuse or cut it",
          ParamValidators.gtEq(-1));

  /** With an identity of its own. */
  public TagTransformer() {
    this(Identifiable.randomUID("lanewise_tag"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public TagTransformer(String uid) {
    super(uid);
    setDefault(aggregation, "simple");
    setDefault(stride, -1);
  }

  /** Reads what was saved. */
  public static MLReader<TagTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static TagTransformer load(String path) {
    return read().load(path);
  }

  /**
   * How tokens are put together: {@code none}, {@code simple}, {@code first}, {@code average} or
   * {@code max}; {@code simple} if not said.
   */
  public Param<String> aggregation() {
    return aggregation;
  }

  /**
   * Tokens that windows of a long text share; -1, which is what counts if not said, for no windows.
   */
  public IntParam stride() {
    return stride;
  }

  /** Sets {@link #aggregation}. */
  public TagTransformer setAggregation(String value) {
    return with(aggregation, value);
  }

  /** Sets {@link #stride}. */
  public TagTransformer setStride(int value) {
    return with(stride, value);
  }

  @Override
  TagRows rows(List<DataType> types) {
    var name = getOrDefault(aggregation).toUpperCase(Locale.ROOT);
    return new TagRows(Aggregation.valueOf(name), number(stride));
  }

  @Override
  TagRows anyRows() {
    return rows(List.of());
  }
}
