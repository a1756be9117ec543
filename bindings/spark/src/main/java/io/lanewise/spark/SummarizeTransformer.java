package io.lanewise.spark;

import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Texts to summaries, {@code STRING}; {@link io.lanewise.task.Summarizer}.
 *
 * <pre>{@code
 * var summarize =
 *     new SummarizeTransformer()
 *         .setModel("my-model")
 *         .setLongest(60)
 *         .setInputCol("text")
 *         .setOutputCol("summary");
 * }</pre>
 */
public final class SummarizeTransformer extends LanewiseTransformer<SummarizeTransformer> {
  private static final long serialVersionUID = 1L;

  private final IntParam longest =
      new IntParam(
          uid(),
          "longest",
          "tokens of a summary at most, max_length; 0 for as the folder says",
          ParamValidators.gtEq(0));
  private final IntParam shortest =
      new IntParam(
          uid(),
          "shortest",
          "tokens of a summary at least, min_length; -1 for as the folder says",
          ParamValidators.gtEq(-1));
  private final IntParam beams =
      new IntParam(
          uid(), "beams", "beams of the search; 0 for as the folder says", ParamValidators.gtEq(0));

  /** With an identity of its own. */
  public SummarizeTransformer() {
    this(Identifiable.randomUID("lanewise_summarize"));
  }

  /** With this identity, as Spark makes it when it is loaded. */
  public SummarizeTransformer(String uid) {
    super(uid);
    setDefault(longest, 0);
    setDefault(shortest, -1);
    setDefault(beams, 0);
  }

  /** Reads what was saved. */
  public static MLReader<SummarizeTransformer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what was saved here. */
  public static SummarizeTransformer load(String path) {
    return read().load(path);
  }

  /**
   * Tokens of a summary at most, {@code max_length}; 0, which is what counts if not said, for the
   * folder's.
   */
  public IntParam longest() {
    return longest;
  }

  /**
   * Tokens of a summary at least, {@code min_length}; -1, which is what counts if not said, for the
   * folder's.
   */
  public IntParam shortest() {
    return shortest;
  }

  /**
   * Beams of the search, {@code num_beams}; 0, which is what counts if not said, for the folder's.
   */
  public IntParam beams() {
    return beams;
  }

  /** Sets {@link #longest}. */
  public SummarizeTransformer setLongest(int value) {
    return with(longest, value);
  }

  /** Sets {@link #shortest}. */
  public SummarizeTransformer setShortest(int value) {
    return with(shortest, value);
  }

  /** Sets {@link #beams}. */
  public SummarizeTransformer setBeams(int value) {
    return with(beams, value);
  }

  @Override
  SummarizeRows rows(List<DataType> types) {
    return new SummarizeRows(number(longest), number(shortest), number(beams));
  }

  @Override
  SummarizeRows anyRows() {
    return rows(List.of());
  }
}
