package io.lanewise.spark;

import org.apache.spark.sql.api.java.UDF1;

/**
 * {@code lanewise_summarize(text)}: the summary of a text, as {@link SummarizeTransformer} gives
 * it.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.summarize.model", "my-model");
 * spark.udf().registerJava("lanewise_summarize", SummarizeFunction.class.getName(), DataType.fromDDL("STRING"));
 * spark.sql("SELECT lanewise_summarize(text) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class SummarizeFunction implements UDF1<String, String> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public SummarizeFunction() {
    function = SqlFunction.SUMMARIZE.ofTexts(1);
  }

  @Override
  public String call(String text) {
    return (String) function.answer(text);
  }
}
