package io.lanewise.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;

/**
 * {@code lanewise_answer(question, context)}: the answers to a question, as {@link
 * AnswerTransformer} gives them.
 *
 * <pre>{@code
 * spark.conf().set("spark.lanewise.answer.model", "my-model");
 * spark.udf().registerJava("lanewise_answer", AnswerFunction.class.getName(), DataType.fromDDL("ARRAY<STRUCT<answer: STRING, score: FLOAT, start: INT, end: INT>>"));
 * spark.sql("SELECT lanewise_answer(question, context) FROM questions");
 * }</pre>
 *
 * <p>The settings are those of the session when the function is registered.
 */
public final class AnswerFunction implements UDF2<String, String, Row[]> {
  private static final long serialVersionUID = 1L;

  private final FunctionCall<?, ?, ?> function;

  /**
   * With the session's settings.
   *
   * @throws io.lanewise.InputException if they name no model, or cannot be
   */
  public AnswerFunction() {
    function = SqlFunction.ANSWER.ofTexts(2);
  }

  @Override
  public Row[] call(String question, String context) {
    return (Row[]) function.answer(question, context);
  }
}
