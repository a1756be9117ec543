package io.lanewise.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/**
 * {@code lanewise_fill_mask(text)}: what fills the masks of a text, as {@link FillMaskTransformer}
 * gives it.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.fill_mask.model", "my-model");
 * spark.udf().registerJava("lanewise_fill_mask", FillMaskFunction.class.getName(), DataType.fromDDL("ARRAY<STRUCT<mask: INT, token: STRING, score: FLOAT, text: STRING>>"));
 * spark.sql("SELECT lanewise_fill_mask(text) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class FillMaskFunction implements UDF1<String, Row[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public FillMaskFunction() {
    function = SqlFunction.FILL_MASK.ofTexts(1);
  }

  @Override
  public Row[] call(String text) {
    return (Row[]) function.answer(text);
  }
}
