package io.lanewise.spark;

import org.apache.spark.sql.api.java.UDF1;

/**
 * {@code lanewise_embed(text)}: the vector of a text, as {@link EmbedTransformer} gives it.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.embed.model", "my-model");
 * spark.udf().registerJava("lanewise_embed", EmbedFunction.class.getName(), DataType.fromDDL("ARRAY<FLOAT>"));
 * spark.sql("SELECT lanewise_embed(text) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class EmbedFunction implements UDF1<String, float[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public EmbedFunction() {
    function = SqlFunction.EMBED.ofTexts(1);
  }

  @Override
  public float[] call(String text) {
    return (float[]) function.answer(text);
  }
}
