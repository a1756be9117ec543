package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.task.FillMask;
import io.lanewise.task.LabelScore;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.Reranker;
import io.lanewise.task.Summarizer;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.ZeroShot;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each transformer gives what its task gives, in columns of the promised types. */
class TransformersTest {
  private static final Options VECTOR = Options.DEFAULT.withBackend(KernelChoice.VECTOR);
  private static final List<String> TEXTS =
      Arrays.asList("The capital of France is Paris.", null, "Rome", "a gripping film", "");

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = Sessions.local();
  }

  private static Dataset<Row> pairs(DataType second, Object... cells) {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < cells.length; i += 2) {
      rows.add(RowFactory.create(cells[i], cells[i + 1]));
    }
    var schema = new StructType().add("one", DataTypes.StringType).add("two", second);
    return spark.createDataFrame(rows, schema);
  }

  private static <S extends LanewiseTransformer<S>> S of(S transformer, String model) {
    return transformer.setModel(model).setInputCol("text").setOutputCol("out");
  }

  private static <S extends LanewiseTransformer<S>> S ofPairs(S transformer, String model) {
    return of(transformer, model).setInputCol("one");
  }

  private static List<Object> column(Dataset<Row> rows) {
    return rows.select("out").collectAsList().stream().map(row -> row.get(0)).toList();
  }

  private static List<List<Row>> structs(Dataset<Row> rows) {
    return rows.select("out").collectAsList().stream()
        .map(row -> row.isNullAt(0) ? null : row.<Row>getList(0))
        .toList();
  }

  private static void assertType(Dataset<Row> rows, String ddl) {
    assertThat(rows.schema().apply("out").dataType().sql().replace(" NOT NULL", "")).isEqualTo(ddl);
  }

  private static List<Row> labels(List<LabelScore> labels) {
    return labels.stream().map(each -> RowFactory.create(each.label(), each.score())).toList();
  }

  @Test
  void embeds() {
    var embed =
        of(new EmbedTransformer(), Folders.EMBED)
            .setPrompt("query: ")
            .setNormalise(true)
            .setDimensions(7);
    var out = embed.transform(Sessions.texts(spark, TEXTS));
    assertType(out, "ARRAY<FLOAT>");
    var cells = out.select("out").collectAsList();
    try (var embedder = Embedder.load(Path.of(Folders.EMBED), VECTOR)) {
      var own = embedder.withPrompt("query: ").withNormalisation(true).withDimensions(7);
      for (int i = 0; i < TEXTS.size(); i++) {
        if (TEXTS.get(i) == null) {
          assertThat(cells.get(i).isNullAt(0)).isTrue();
        } else {
          assertThat(cells.get(i).<Float>getList(0))
              .isEqualTo(boxed(own.predict(TEXTS.get(i)).values()));
        }
      }
    }
  }

  private static List<Float> boxed(float[] values) {
    var boxed = new ArrayList<Float>();
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  /** Spark's own functions take these vectors. */
  @Test
  void sparkComparesTheVectors() {
    var texts = Sessions.texts(spark, List.of("Rome", "Paris"));
    var rows = of(new EmbedTransformer(), Folders.EMBED).setNormalise(true).transform(texts);
    var cosines =
        rows.selectExpr("vector_cosine_similarity(out, out)", "vector_inner_product(out, out)");
    for (var row : cosines.collectAsList()) {
      assertThat(row.getFloat(0)).isBetween(0.999f, 1.001f);
      assertThat(row.getFloat(1)).isBetween(0.999f, 1.001f);
    }
  }

  @Test
  void classifiesTextsAndPairs() {
    var classify = of(new ClassifyTransformer(), Folders.CLASSIFY).setTop(2);
    var out = classify.transform(Sessions.texts(spark, TEXTS));
    assertType(out, "ARRAY<STRUCT<label: STRING, score: FLOAT>>");
    var pairs = pairs(DataTypes.StringType, "Rome", "It rains.", "Rome", null, null, "It rains.");
    var outOfPairs =
        ofPairs(new ClassifyTransformer(), Folders.CLASSIFY)
            .setPairCol("two")
            .setThreshold(0.1f)
            .transform(pairs);
    try (var classifier = TextClassifier.load(Path.of(Folders.CLASSIFY), VECTOR)) {
      var two = classifier.withTop(2);
      assertThat(structs(out))
          .isEqualTo(
              TEXTS.stream().map(text -> text == null ? null : labels(two.predict(text))).toList());
      var pair = TextPair.of("Rome", "It rains.");
      assertThat(structs(outOfPairs))
          .containsExactly(labels(classifier.withThreshold(0.1f).predict(pair)), null, null);
    }
  }

  /** SQL counts characters, of which an emoji is one; Java counts two. */
  @Test
  void tagsWithPlacesThatSqlCounts() {
    var text = "\uD83D\uDE00 Ada met Ann in Zürich.";
    var out =
        of(new TagTransformer(), Folders.TAG)
            .transform(Sessions.texts(spark, List.of(text, "Rome")));
    assertType(
        out, "ARRAY<STRUCT<label: STRING, score: FLOAT, word: STRING, start: INT, end: INT>>");
    try (var tagger = TokenClassifier.load(Path.of(Folders.TAG), VECTOR)) {
      var entities =
          tagger
              .withAggregation(Aggregation.SIMPLE)
              .withOffsets(OffsetUnit.CODE_POINTS)
              .predict(text);
      assertThat(entities).isNotEmpty();
      assertThat(structs(out).getFirst())
          .isEqualTo(
              entities.stream()
                  .map(e -> RowFactory.create(e.label(), e.score(), e.word(), e.start(), e.end()))
                  .toList());
      var inJava = tagger.withAggregation(Aggregation.SIMPLE).predict(text);
      var said =
          out.selectExpr("text", "explode(out) AS e")
              .selectExpr("substring(text, e.start + 1, e.end - e.start)")
              .collectAsList();
      assertThat(said.stream().map(row -> row.getString(0)).limit(inJava.size()))
          .isEqualTo(inJava.stream().map(e -> text.substring(e.start(), e.end())).toList());
    }
  }

  @Test
  void answersQuestions() {
    var context = "The ship left the harbour at dawn, and nobody waved.";
    var question = "When did the ship leave?";
    var out =
        ofPairs(new AnswerTransformer(), Folders.ANSWER)
            .setPairCol("two")
            .setTop(2)
            .transform(pairs(DataTypes.StringType, question, context, question, null));
    assertType(out, "ARRAY<STRUCT<answer: STRING, score: FLOAT, start: INT, end: INT>>");
    try (var answerer = QuestionAnswerer.load(Path.of(Folders.ANSWER), VECTOR)) {
      var answers = answerer.withTop(2).predict(question, context);
      assertThat(structs(out))
          .containsExactly(
              answers.stream()
                  .map(e -> RowFactory.create(e.text(), e.score(), e.start(), e.end()))
                  .toList(),
              null);
    }
  }

  @Test
  void reranksOnePassageOrMany() {
    var passages = List.of("Rome is in Italy.", "The sky is blue.", "Madrid is in Spain.");
    var rerank = ofPairs(new RerankTransformer(), Folders.RERANK).setPairCol("two");
    var many =
        rerank
            .setTop(2)
            .transform(
                pairs(
                    DataTypes.createArrayType(DataTypes.StringType),
                    "Where is Rome?",
                    passages,
                    "Where is Rome?",
                    null));
    assertType(many, "ARRAY<STRUCT<index: INT, passage: STRING, score: FLOAT>>");
    var one = rerank.transform(pairs(DataTypes.StringType, "Where is Rome?", passages.getFirst()));
    assertType(one, "FLOAT");
    try (var reranker = Reranker.load(Path.of(Folders.RERANK), VECTOR)) {
      var ranked = reranker.predict("Where is Rome?", passages);
      assertThat(structs(many))
          .containsExactly(
              ranked.stream()
                  .limit(2)
                  .map(e -> RowFactory.create(e.index(), e.passage(), e.score()))
                  .toList(),
              null);
      float first = ranked.stream().filter(e -> e.index() == 0).findFirst().orElseThrow().score();
      assertThat(column(one)).containsExactly(first);
    }
  }

  @Test
  void givesLabelsOfTheUsersOwn() {
    var labels = List.of("sports", "politics");
    var all =
        of(new ZeroShotTransformer(), Folders.ZERO_SHOT)
            .setLabels("sports", "politics")
            .setMultiLabel(true)
            .transform(Sessions.texts(spark, TEXTS.subList(0, 2)));
    assertType(all, "ARRAY<STRUCT<label: STRING, score: FLOAT>>");
    var own =
        ofPairs(new ZeroShotTransformer(), Folders.ZERO_SHOT)
            .setPairCol("two")
            .transform(
                pairs(DataTypes.createArrayType(DataTypes.StringType), TEXTS.getFirst(), labels));
    try (var zeroShot = ZeroShot.load(Path.of(Folders.ZERO_SHOT), VECTOR)) {
      var multi = zeroShot.withMultiLabel(true);
      assertThat(structs(all))
          .containsExactly(labels(multi.predict(TEXTS.getFirst(), labels)), null);
      assertThat(structs(own)).containsExactly(labels(zeroShot.predict(TEXTS.getFirst(), labels)));
    }
    var both = of(new ZeroShotTransformer(), Folders.ZERO_SHOT);
    assertThatThrownBy(() -> both.transform(Sessions.texts(spark, TEXTS)))
        .hasMessageContaining("set labels for all rows, or pairCol");
  }

  @Test
  void summarizes() {
    var text = "The ship left the harbour at dawn, and nobody waved.";
    var out =
        of(new SummarizeTransformer(), Folders.SUMMARIZE)
            .setLongest(12)
            .setShortest(4)
            .transform(Sessions.texts(spark, Arrays.asList(text, null)));
    assertType(out, "STRING");
    try (var summarizer = Summarizer.load(Path.of(Folders.SUMMARIZE), VECTOR)) {
      var options =
          io.lanewise.generate.GenerationOptions.DEFAULT.withMaxLength(12).withMinLength(4);
      assertThat(column(out))
          .containsExactly(summarizer.with(options).predict(text).getFirst().text(), null);
    }
  }

  @Test
  void fillsMasks() {
    var text = "The [MASK] of [MASK] is Paris.";
    var out =
        of(new FillMaskTransformer(), Folders.DEMO)
            .setTop(2)
            .transform(Sessions.texts(spark, Arrays.asList(text, null)));
    assertType(out, "ARRAY<STRUCT<mask: INT, token: STRING, score: FLOAT, text: STRING>>");
    try (var fillMask = FillMask.load(Path.of(Folders.DEMO), VECTOR)) {
      var expected = new ArrayList<Row>();
      var masks = fillMask.withTop(2).predict(text).masks();
      for (int mask = 0; mask < masks.size(); mask++) {
        for (var e : masks.get(mask).candidates()) {
          expected.add(RowFactory.create(mask, e.token(), e.score(), e.text()));
        }
      }
      assertThat(structs(out)).containsExactly(expected, null);
    }
    var only = of(new FillMaskTransformer(), Folders.DEMO).setTargets("rome").setTop(1);
    assertThat(structs(only.transform(Sessions.texts(spark, List.of(text)))).getFirst())
        .extracting(row -> row.getString(1))
        .containsOnly("rome");
  }

  @Test
  void otherColumnsAndTheOrderOfRowsStay() {
    var texts = Texts.some(300, 20);
    var embed = of(new EmbedTransformer(), Folders.EMBED).setWindowRows(64).setBatchTokens(50);
    var rows =
        embed
            .transform(Sessions.texts(spark, texts).coalesce(1).selectExpr("7 AS n", "text"))
            .collectAsList();
    assertThat(rows).extracting(row -> row.getString(1)).isEqualTo(texts);
    assertThat(rows).extracting(row -> row.getInt(0)).containsOnly(7);
  }

  @Test
  void whatDoesNotFitIsSaidBeforeAJobStarts() {
    var texts = Sessions.texts(spark, TEXTS);
    var embed = of(new EmbedTransformer(), "/no/such/model");
    embed.transform(texts); // the driver needs no model
    assertThatThrownBy(() -> of(new EmbedTransformer(), "x").setInputCol("txt").transform(texts))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no column txt among [text]");
    assertThatThrownBy(() -> of(new EmbedTransformer(), "x").setOutputCol("text").transform(texts))
        .hasMessageContaining("the column text is there already");
    assertThatThrownBy(() -> new EmbedTransformer().setInputCol("text").transform(texts))
        .hasMessageContaining("model is not set");
    assertThatThrownBy(
            () -> of(new EmbedTransformer(), "x").transform(texts.selectExpr("1 AS text")))
        .hasMessageContaining("the column text is INT, and should be a text (STRING)");
    assertThatThrownBy(
            () ->
                ofPairs(new RerankTransformer(), "x")
                    .setPairCol("two")
                    .transform(pairs(DataTypes.IntegerType, "a", 1)))
        .hasMessageContaining("should be a text or a list of texts (ARRAY<STRING>)");
    assertThatThrownBy(() -> embed.setDtype("f16")).hasMessageContaining("f16");
    assertThatThrownBy(() -> embed.setErrorPolicy("skip")).hasMessageContaining("skip");
    assertThatThrownBy(
            () -> of(new EmbedTransformer(), "x").setErrorPolicy("column").transform(texts))
        .hasMessageContaining("errorCol is not set");
  }

  @Test
  void aModelThatIsMissingEndsTheJobAndSaysSo() {
    var embed = of(new EmbedTransformer(), "/no/such/model");
    assertThatThrownBy(() -> embed.transform(Sessions.texts(spark, TEXTS)).collectAsList())
        .hasStackTraceContaining("there is no folder /no/such/model");
    var other = of(new EmbedTransformer(), Folders.EMBED).setDigest("0".repeat(64));
    assertThatThrownBy(() -> other.transform(Sessions.texts(spark, TEXTS)).collectAsList())
        .hasStackTraceContaining("bring the same files to all executors");
  }

  @Test
  void anInputThatCannotBeAnsweredEndsTheJobOrIsNoted() {
    var texts = new ArrayList<>(Texts.some(40, 5));
    texts.set(7, "word ".repeat(5_000));
    texts.set(31, "another ".repeat(5_000));
    texts.set(11, null);
    var rows = Sessions.texts(spark, texts).coalesce(1);
    var classify = of(new ClassifyTransformer(), Folders.CLASSIFY);
    assertThatThrownBy(() -> classify.transform(rows).collectAsList())
        .hasStackTraceContaining("the model takes at most");
    var noted = classify.setErrorCol("error").transform(rows).collectAsList();
    try (var classifier = TextClassifier.load(Path.of(Folders.CLASSIFY), VECTOR)) {
      for (int i = 0; i < texts.size(); i++) {
        var row = noted.get(i);
        if (i == 7 || i == 31) {
          assertThat(row.isNullAt(1)).isTrue();
          assertThat(row.getString(2)).contains("the model takes at most");
        } else {
          assertThat(row.isNullAt(2)).isTrue();
          assertThat(row.<Row>getList(1))
              .isEqualTo(i == 11 ? null : labels(classifier.predict(texts.get(i))));
        }
      }
    }
  }
}
