package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to what fills their masks, {@code ARRAY<STRUCT<mask, token, score, text>>}: the candidates
 * of the first mask, the best first, then those of the next; {@link io.lanewise.task.FillMask}.
 *
 * <pre>{@code
 * var fillMask =
 *     new FillMaskTransformer()
 *         .setModel("my-model")
 *         .setTop(3)
 *         .setInputCol("text")
 *         .setOutputCol("words");
 * }</pre>
 */
public final class FillMaskTransformer extends LanewiseTransformer<FillMaskTransformer> {
  private static final long serialVersionUID = 1L;

  private final IntParam top =
      new IntParam(uid(), "top", "candidates for a mask, at least 1", ParamValidators.gtEq(1));
  private final StringArrayParam targets =
      new StringArrayParam(this, "targets", "the only candidates; the whole vocabulary if not set");

  /** With an identity of its own. */
  public FillMaskTransformer() {
    this(Identifiable.randomUID("lanewise_fill_mask"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public FillMaskTransformer(String uid) {
    super(uid);
    setDefault(top, 5);
  }

  /** Reads what was saved. */
  public static MLReader<FillMaskTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static FillMaskTransformer load(String path) {
    return read().load(path);
  }

  /** Candidates for a mask; 5 if not said. */
  public IntParam top() {
    return top;
  }

  /** The only candidates; the whole vocabulary if not set. */
  public StringArrayParam targets() {
    return targets;
  }

  /** Sets {@link #top}. */
  public FillMaskTransformer setTop(int value) {
    return with(top, value);
  }

  /** Sets {@link #targets}. */
  public FillMaskTransformer setTargets(String... value) {
    return with(targets, value);
  }

  @Override
  FillMaskRows rows(List<DataType> types) {
    var only = orNull(targets);
    return new FillMaskRows(number(top), only == null ? List.of() : List.of(only));
  }

  @Override
  FillMaskRows anyRows() {
    return rows(List.of());
  }
}
