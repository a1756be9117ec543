package io.lanewise.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/**
 * {@code lanewise_classify(text)}: the labels of a text, as {@link ClassifyTransformer} gives them.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.classify.model", "my-model");
 * spark.udf().registerJava("lanewise_classify", ClassifyFunction.class.getName(), DataType.fromDDL("ARRAY<STRUCT<label: STRING, score: FLOAT>>"));
 * spark.sql("SELECT lanewise_classify(text) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class ClassifyFunction implements UDF1<String, Row[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public ClassifyFunction() {
    function = SqlFunction.CLASSIFY.ofTexts(1);
  }

  @Override
  public Row[] call(String text) {
    return (Row[]) function.answer(text);
  }
}
