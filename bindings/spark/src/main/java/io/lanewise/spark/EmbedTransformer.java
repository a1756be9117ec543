package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to vectors, {@code ARRAY<FLOAT>}, as sentence-transformers makes them; {@link
 * io.lanewise.task.Embedder}.
 *
 * <pre>{@code
 * var embed =
 *     new EmbedTransformer()
 *         .setModel("intfloat/e5-small-v2")
 *         .setPrompt("passage: ")
 *         .setNormalise(true)
 *         .setInputCol("text")
 *         .setOutputCol("vector");
 * }</pre>
 */
public final class EmbedTransformer extends LanewiseTransformer<EmbedTransformer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> prompt =
      new Param<>(uid(), "prompt", "what every text begins with; the folder's if not set");
  private final Param<String> promptName =
      new Param<>(uid(), "promptName", "which of the folder's prompts every text begins with");
  private final BooleanParam normalise =
      new BooleanParam(
          uid(), "normalise", "whether vectors have length 1; as the folder says if not set");
  private final IntParam dimensions =
      new IntParam(
          uid(),
          "dimensions",
          "how many numbers of a vector are kept; 0 for all",
          ParamValidators.gtEq(0));

  /** With an identity of its own. */
  public EmbedTransformer() {
    this(Identifiable.randomUID("lanewise_embed"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public EmbedTransformer(String uid) {
    super(uid);
    setDefault(dimensions, 0);
  }

  /** Reads what was saved. */
  public static MLReader<EmbedTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static EmbedTransformer load(String path) {
    return read().load(path);
  }

  /** What every text begins with, such as "query: "; the folder's if not set. */
  public Param<String> prompt() {
    return prompt;
  }

  /** Which of the folder's prompts every text begins with. */
  public Param<String> promptName() {
    return promptName;
  }

  /** Whether vectors have length 1, whatever the folder says. */
  public BooleanParam normalise() {
    return normalise;
  }

  /** How many numbers of a vector are kept, for models that were trained for it; 0 for all. */
  public IntParam dimensions() {
    return dimensions;
  }

  /** Sets {@link #prompt}. */
  public EmbedTransformer setPrompt(String value) {
    return with(prompt, value);
  }

  /** Sets {@link #promptName}. */
  public EmbedTransformer setPromptName(String value) {
    return with(promptName, value);
  }

  /** Sets {@link #normalise}. */
  public EmbedTransformer setNormalise(boolean value) {
    return with(normalise, value);
  }

  /** Sets {@link #dimensions}. */
  public EmbedTransformer setDimensions(int value) {
    return with(dimensions, value);
  }

  @Override
  EmbedRows rows(List<DataType> types) {
    return new EmbedRows(
        orNull(prompt), orNull(promptName), (Boolean) orNull(normalise), number(dimensions));
  }

  @Override
  EmbedRows anyRows() {
    return rows(List.of());
  }
}
