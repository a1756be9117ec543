package io.lanewise.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * {@code lanewise_zero_shot(text, labels)}: a text's labels, sorted as {@link ZeroShotTransformer}
 * does.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.zero_shot.model", "my-model");
 * spark.udf().registerJava("lanewise_zero_shot", ZeroShotFunction.class.getName(), DataType.fromDDL("ARRAY<STRUCT<label: STRING, score: FLOAT>>"));
 * spark.sql("SELECT lanewise_zero_shot(text, labels) FROM texts");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class ZeroShotFunction implements UDF2<String, Seq<String>, Row[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public ZeroShotFunction() {
    function =
        SqlFunction.ZERO_SHOT.call(
            FunctionSettings.of(SqlFunction.ZERO_SHOT),
            DataTypes.StringType,
            DataTypes.createArrayType(DataTypes.StringType));
  }

  @Override
  public Row[] call(String text, Seq<String> labels) {
    return (Row[]) function.answer(text, labels);
  }
}
