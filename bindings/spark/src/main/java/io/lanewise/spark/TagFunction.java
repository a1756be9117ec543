package io.lanewise.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/**
 * {@code lanewise_tag(text)}: the entities of a text, as {@link TagTransformer} gives them.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.tag.model", "my-model");
 * spark.udf().registerJava("lanewise_tag", TagFunction.class.getName(), DataType.fromDDL("ARRAY<STRUCT<label: STRING, score: FLOAT, word: STRING, start: INT, end: INT>>"));
 * spark.sql("SELECT lanewise_tag(text) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class TagFunction implements UDF1<String, Row[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public TagFunction() {
    function = SqlFunction.TAG.ofTexts(1);
  }

  @Override
  public Row[] call(String text) {
    return (Row[]) function.answer(text);
  }
}
