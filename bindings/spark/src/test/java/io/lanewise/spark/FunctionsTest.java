package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions of SQL give what the transformers give, by name and by the session's extensions. */
class FunctionsTest {
  private static final List<String> TEXTS = Arrays.asList("Rome", null, "a gripping film");

  private SparkSession spark;

  @BeforeEach
  void start() {
    spark = Sessions.local();
    Sessions.texts(spark, TEXTS).createOrReplaceTempView("texts");
    set("embed", "model", Folders.EMBED);
    set("classify", "model", Folders.CLASSIFY);
    set("tag", "model", Folders.TAG);
    set("answer", "model", Folders.ANSWER);
    set("rerank", "model", Folders.RERANK);
    set("zero_shot", "model", Folders.ZERO_SHOT);
    set("summarize", "model", Folders.SUMMARIZE);
    set("fill_mask", "model", Folders.DEMO);
  }

  private void set(String verb, String name, String value) {
    spark.conf().set("spark.lanewise." + verb + "." + name, value);
  }

  @AfterEach
  void forget() {
    spark
        .conf()
        .getAll()
        .keysIterator()
        .toSeq()
        .toList()
        .foreach(
            key -> {
              if (key.startsWith("spark.lanewise.")) {
                spark.conf().unset(key);
              }
              return null;
            });
  }

  private List<Object> sql(String query) {
    return spark.sql(query).collectAsList().stream().map(row -> row.get(0)).toList();
  }

  private List<Object> transformed(LanewiseTransformer<?> transformer, String rows) {
    transformer.setOutputCol("out");
    return transformer.transform(spark.sql(rows)).select("out").collectAsList().stream()
        .map(row -> row.get(0))
        .toList();
  }

  private static <S extends LanewiseTransformer<S>> S of(S transformer, String model) {
    return transformer.setModel(model).setInputCol("text");
  }

  @Test
  void selectsWhatTheTransformersGive() {
    assertThat(sql("SELECT lanewise_embed(text) FROM texts"))
        .isEqualTo(transformed(of(new EmbedTransformer(), Folders.EMBED), "SELECT text FROM texts"))
        .hasSize(3)
        .element(1)
        .isNull();
    assertThat(sql("SELECT lanewise_classify(text) FROM texts"))
        .isEqualTo(
            transformed(of(new ClassifyTransformer(), Folders.CLASSIFY), "SELECT text FROM texts"));
    assertThat(sql("SELECT lanewise_classify(text, 'It rains.') FROM texts"))
        .isEqualTo(
            transformed(
                of(new ClassifyTransformer(), Folders.CLASSIFY).setPairCol("two"),
                "SELECT text, 'It rains.' AS two FROM texts"));
    assertThat(sql("SELECT lanewise_tag(text) FROM texts"))
        .isEqualTo(transformed(of(new TagTransformer(), Folders.TAG), "SELECT text FROM texts"));
    assertThat(sql("SELECT lanewise_answer('Where?', text) FROM texts"))
        .isEqualTo(
            transformed(
                of(new AnswerTransformer(), Folders.ANSWER).setInputCol("q").setPairCol("text"),
                "SELECT 'Where?' AS q, text FROM texts"));
    assertThat(sql("SELECT lanewise_rerank(text, 'It rains.') FROM texts"))
        .isEqualTo(
            transformed(
                of(new RerankTransformer(), Folders.RERANK).setPairCol("two"),
                "SELECT text, 'It rains.' AS two FROM texts"));
    assertThat(sql("SELECT lanewise_rerank(text, array('It rains.', 'Rome')) FROM texts"))
        .isEqualTo(
            transformed(
                of(new RerankTransformer(), Folders.RERANK).setPairCol("two"),
                "SELECT text, array('It rains.', 'Rome') AS two FROM texts"));
    assertThat(sql("SELECT lanewise_zero_shot(text, array('music', 'sports')) FROM texts"))
        .isEqualTo(
            transformed(
                of(new ZeroShotTransformer(), Folders.ZERO_SHOT).setLabels("music", "sports"),
                "SELECT text FROM texts"))
        .isEqualTo(
            sql("SELECT lanewise_zero_shot(text, map('labels', 'music, sports')) FROM texts"));
    assertThat(sql("SELECT lanewise_summarize(text, map('longest', 12)) FROM texts"))
        .isEqualTo(
            transformed(
                of(new SummarizeTransformer(), Folders.SUMMARIZE).setLongest(12),
                "SELECT text FROM texts"));
    assertThat(sql("SELECT lanewise_fill_mask('The [MASK] is blue.')"))
        .isEqualTo(
            transformed(
                of(new FillMaskTransformer(), Folders.DEMO),
                "SELECT 'The [MASK] is blue.' AS text"));
    assertThat(sql("SELECT lanewise_embed(NULL)")).containsOnlyNulls();
  }

  /** What {@code registerJavaFunction} of PySpark and of Spark Connect comes to. */
  @Test
  void areRegisteredByTheNamesOfTheirClasses() {
    var classes =
        Map.of(
            SqlFunction.EMBED, EmbedFunction.class,
            SqlFunction.CLASSIFY, ClassifyFunction.class,
            SqlFunction.TAG, TagFunction.class,
            SqlFunction.ANSWER, AnswerFunction.class,
            SqlFunction.RERANK, RerankFunction.class,
            SqlFunction.ZERO_SHOT, ZeroShotFunction.class,
            SqlFunction.SUMMARIZE, SummarizeFunction.class,
            SqlFunction.FILL_MASK, FillMaskFunction.class);
    var arguments =
        Map.of(
            SqlFunction.ANSWER, "'Where?', text",
            SqlFunction.RERANK, "text, 'It rains.'",
            SqlFunction.ZERO_SHOT, "text, array('music', 'sports')",
            SqlFunction.FILL_MASK, "concat(text, ' [MASK]')");
    assertThat(classes).hasSameSizeAs(SqlFunction.values());
    for (var function : SqlFunction.values()) {
      var own = "own_" + function.verb();
      var call = "(" + arguments.getOrDefault(function, "text") + ") FROM texts";
      var type =
          spark.sql("SELECT " + function.sqlName() + call).schema().apply(0).dataType().sql();
      spark.udf().registerJava(own, classes.get(function).getName(), DataType.fromDDL(type));
      assertThat(sql("SELECT " + own + call))
          .as(own)
          .isEqualTo(sql("SELECT " + function.sqlName() + call));
    }
    // Where Spark can tell the type by itself, none needs to be given.
    spark.udf().registerJava("own", EmbedFunction.class.getName(), null);
    assertThat(sql("SELECT own(text) FROM texts"))
        .isEqualTo(sql("SELECT lanewise_embed(text) FROM texts"));
  }

  @Test
  void standWhereAnyExpressionStands() {
    assertThat(
            spark
                .sql(
                    "SELECT lanewise_classify(text)[0].label AS l, count(*) FROM texts"
                        + " WHERE lanewise_classify(text)[0].score > 0 GROUP BY l")
                .collectAsList())
        .isNotEmpty();
    assertThat(
            sql(
                "SELECT text FROM texts WHERE text IS NOT NULL ORDER BY lanewise_rerank('Rome',"
                    + " text)"))
        .hasSize(2);
    assertThat(
            sql("SELECT vector_l2_distance(v, v) FROM (SELECT lanewise_embed(text) v FROM texts)"))
        .contains(0f);
  }

  /** A model is slow, so that the optimiser must not have it compute a row twice. */
  @Test
  void computeARowOnce() {
    var calls = new AtomicInteger[] {Counted.CALLS};
    Counted.CALLS.set(0);
    spark.udf().register("counted", new Counted(), DataTypes.StringType);
    var rows =
        spark.sql(
            "SELECT v[0], v[1], v[2] FROM (SELECT lanewise_embed(counted(text)) AS v FROM texts)"
                + " WHERE v[0] IS NOT NULL");
    assertThat(rows.collectAsList()).hasSize(2);
    assertThat(calls[0].get()).isEqualTo(3);
  }

  /** Counts its calls in this JVM. */
  public static final class Counted implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public String call(String text) {
      CALLS.incrementAndGet();
      return text;
    }
  }

  @Test
  void takeTheSettingsOfTheSessionAndOfTheCall() {
    spark.conf().set("spark.lanewise.maxLength", "4");
    set("embed", "dimensions", "3");
    var query = "SELECT lanewise_embed('one two three four five'%s)";
    var three = vector(query.formatted(""));
    assertThat(three).hasSize(3);
    assertThat(vector(query.formatted(", map('dimensions', '5')"))).hasSize(5);
    assertThat(vector(query.formatted(", map('maxLength', '64')"))).isNotEqualTo(three);
    assertThat(vector("SELECT lanewise_embed('one two other words')")).isEqualTo(three);
    set("classify", "maxLength", "0");
    var tooLong = "SELECT lanewise_classify(repeat('word ', 5000)%s)";
    assertThatThrownBy(() -> sql(tooLong.formatted("")))
        .hasStackTraceContaining("the model takes at most");
    assertThat(sql(tooLong.formatted(", map('errorPolicy', 'null')"))).containsOnlyNulls();
  }

  private List<Float> vector(String query) {
    return spark.sql(query).collectAsList().getFirst().getList(0);
  }

  @Test
  void sayWhatIsWrongWithACall() {
    refuses("SELECT lanewise_embed()", "call it as lanewise_embed(text");
    refuses("SELECT lanewise_embed(1)", "argument 1 is INT, and should be a text");
    refuses("SELECT lanewise_embed(text, map('modle', 'x')) FROM texts", "there is no setting");
    refuses("SELECT lanewise_embed(text, map('model', text)) FROM texts", "must be a constant");
    refuses(
        "SELECT lanewise_embed(text, map('dimensions', 'x')) FROM texts", "dimensions x: it is");
    refuses("SELECT lanewise_embed(text, map('normalise', 'yes')) FROM texts", "normalise yes");
    refuses("SELECT lanewise_embed(text, map('errorPolicy', 'x')) FROM texts", "give fail or null");
    set("embed", "prmopt", "query: ");
    refuses("SELECT lanewise_embed(text) FROM texts", "spark.lanewise.embed.prmopt");
    spark.conf().unset("spark.lanewise.embed.prmopt");
    spark.conf().set("spark.lanewise.lenght", "4");
    refuses("SELECT lanewise_embed(text) FROM texts", "spark.lanewise.lenght");
    spark.conf().unset("spark.lanewise.lenght");
    spark.conf().unset("spark.lanewise.embed.model");
    refuses("SELECT lanewise_embed(text) FROM texts", "set spark.lanewise.embed.model");
    assertThatThrownBy(EmbedFunction::new)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("set spark.lanewise.embed.model");
  }

  private void refuses(String query, String message) {
    assertThatThrownBy(() -> spark.sql(query)).hasStackTraceContaining(message);
  }

  @Test
  void aSettingOfOneFunctionComesBeforeThatOfAll() {
    var session = new TreeMap<String, String>();
    session.put("spark.lanewise.maxLength", "4");
    session.put("spark.lanewise.embed.maxLength", "8");
    session.put("spark.lanewise.labels", "a,b"); // of another function
    session.put("spark.lanewise.memory", "1g");
    session.put("spark.sql.ansi.enabled", "true");
    assertThat(FunctionSettings.of(SqlFunction.EMBED, session)).isEqualTo(Map.of("maxLength", "8"));
    assertThat(FunctionSettings.of(SqlFunction.TAG, session)).isEqualTo(Map.of("maxLength", "4"));
  }

  @Test
  void areDescribed() {
    var lines = spark.sql("DESCRIBE FUNCTION lanewise_rerank").collectAsList();
    assertThat(lines.stream().map(Row::mkString).toList().toString())
        .contains("lanewise_rerank(query, passage or array of passages");
  }
}
