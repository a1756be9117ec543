package io.lanewise.spark;

import io.lanewise.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The functions of SQL, each of which does for a row what a transformer does for a column. */
enum SqlFunction {
  EMBED(1, 1, "text"),
  CLASSIFY(1, 2, "text[, second text]"),
  TAG(1, 1, "text"),
  ANSWER(2, 2, "question, context"),
  RERANK(2, 2, "query, passage or array of passages"),
  ZERO_SHOT(1, 2, "text[, array of labels]"),
  SUMMARIZE(1, 1, "text"),
  FILL_MASK(1, 1, "text");

  private final int least;
  private final int most;
  private final String arguments;

  SqlFunction(int least, int most, String arguments) {
    this.least = least;
    this.most = most;
    this.arguments = arguments;
  }

  /** What its settings begin with, such as {@code embed}. */
  String verb() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is called in SQL, such as {@code lanewise_embed}. */
  String sqlName() {
    return "lanewise_" + verb();
  }

  /** How it is called, for messages and for {@code DESCRIBE FUNCTION}. */
  String usage() {
    return "%s(%s[, map('model', ...)])".formatted(sqlName(), arguments);
  }

  /** A transformer whose Params are the settings of the function. */
  LanewiseTransformer<?> transformer() {
    return switch (this) {
      case EMBED -> new EmbedTransformer();
      case CLASSIFY -> new ClassifyTransformer();
      case TAG -> new TagTransformer();
      case ANSWER -> new AnswerTransformer();
      case RERANK -> new RerankTransformer();
      case ZERO_SHOT -> new ZeroShotTransformer();
      case SUMMARIZE -> new SummarizeTransformer();
      case FILL_MASK -> new FillMaskTransformer();
    };
  }

  /**
   * The function for arguments of these types.
   *
   * @param settings as {@link FunctionSettings#of} gives them
   * @throws InputException if there are too few or too many arguments, one has another type, or a
   *     setting cannot be
   */
  FunctionCall<?, ?, ?> call(Map<String, String> settings, DataType... types) {
    if (types.length < least || types.length > most) {
      throw new InputException(
          "%s has %d arguments: call it as %s".formatted(sqlName(), types.length, usage()));
    }
    var configured = transformer();
    boolean nulls = FunctionSettings.set(configured, this, settings);
    for (int i = 0; i < types.length; i++) {
      if (!configured.fits(i, types[i])) {
        throw new InputException(
            "%s: argument %d is %s, and should be %s"
                .formatted(sqlName(), i + 1, types[i].sql(), configured.wanted(i)));
      }
    }
    return FunctionCall.of(configured.rows(List.of(types)), configured.settings(), nulls);
  }

  /** The same for texts. */
  FunctionCall<?, ?, ?> ofTexts(int arguments) {
    var types = new DataType[arguments];
    Arrays.fill(types, DataTypes.StringType);
    return call(FunctionSettings.of(this), types);
  }
}
