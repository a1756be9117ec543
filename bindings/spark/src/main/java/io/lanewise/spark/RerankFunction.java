package io.lanewise.spark;

import org.apache.spark.sql.api.java.UDF2;

/**
 * {@code lanewise_rerank(query, passage)}: how well a passage answers a query, as {@link
 * RerankTransformer} says it.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.rerank.model", "my-model");
 * spark.udf().registerJava("lanewise_rerank", RerankFunction.class.getName(), DataType.fromDDL("FLOAT"));
 * spark.sql("SELECT lanewise_rerank(query, passage) FROM pairs");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class RerankFunction implements UDF2<String, String, Float> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public RerankFunction() {
    function = SqlFunction.RERANK.ofTexts(2);
  }

  @Override
  public Float call(String query, String passage) {
    return (Float) function.answer(query, passage);
  }
}
