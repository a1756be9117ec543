package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transformers live in pipelines, and are saved and loaded with them. */
class PipelinesTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = Sessions.local();
  }

  /** One of each, with every Param that differs from what it is if not said. */
  private static List<LanewiseTransformer<?>> all() {
    return List.of(
        new EmbedTransformer()
            .setModel(Folders.EMBED)
            .setRevision("r")
            .setDigest("d")
            .setBatchTokens(17)
            .setWindowRows(5)
            .setMaxLength(9)
            .setDtype("bf16")
            .setThreads(2)
            .setErrorCol("errors")
            .setInputCol("in")
            .setOutputCol("out")
            .setPrompt("p: ")
            .setPromptName("query")
            .setNormalise(true)
            .setDimensions(3),
        new ClassifyTransformer().setPairCol("two").setTop(2).setThreshold(0.25f),
        new TagTransformer().setAggregation("max").setStride(4),
        new AnswerTransformer().setPairCol("two").setTop(3).setImpossible(true),
        new RerankTransformer().setPairCol("two").setTop(2),
        new ZeroShotTransformer()
            .setLabels("a", "b")
            .setTemplate("It is {}.")
            .setMultiLabel(true)
            .setPairCol("two"),
        new SummarizeTransformer().setLongest(40).setShortest(3).setBeams(2),
        new FillMaskTransformer().setTop(2).setTargets("rome", "paris"));
  }

  @Test
  void everyParamIsSavedAndLoaded() throws IOException {
    var stages = all().toArray(PipelineStage[]::new);
    var path = folder.resolve("pipeline").toString();
    new Pipeline().setStages(stages).write().save(path);
    var loaded = Pipeline.load(path).getStages();
    assertThat(loaded).hasSameSizeAs(stages);
    for (int i = 0; i < stages.length; i++) {
      assertThat(loaded[i]).hasSameClassAs(stages[i]);
      assertThat(loaded[i].uid()).isEqualTo(stages[i].uid());
      for (var param : stages[i].params()) {
        if (i == 0) {
          assertThat(stages[i].isDefined(param)).as(param.name()).isTrue();
        }
        assertThat(value(loaded[i], param.name()))
            .as(param.name())
            .isEqualTo(value(stages[i], param.name()));
      }
      assertThat(stages[i].copy(new ParamMap()).paramMap().size())
          .isEqualTo(stages[i].paramMap().size());
    }
  }

  private static Object value(PipelineStage stage, String name) {
    var value = stage.get(stage.getParam(name));
    return value.isEmpty()
        ? "not set"
        : value.get() instanceof Object[] array ? Arrays.asList(array) : value.get();
  }

  @Test
  void aPipelineModelThatIsLoadedAgainGivesTheSame() throws IOException {
    var texts = Sessions.texts(spark, Texts.some(100, 12));
    var stages =
        new PipelineStage[] {
          new EmbedTransformer().setModel(Folders.EMBED).setInputCol("text").setOutputCol("vector"),
          new ClassifyTransformer()
              .setModel(Folders.CLASSIFY)
              .setInputCol("text")
              .setOutputCol("labels")
        };
    var model = new Pipeline().setStages(stages).fit(texts);
    var path = folder.resolve("model").toString();
    model.write().save(path);
    var rows = PipelineModel.load(path).transform(texts).collectAsList();
    assertThat(rows).isEqualTo(model.transform(texts).collectAsList()).hasSize(100);
    var one = folder.resolve("one").toString();
    ((EmbedTransformer) stages[0]).write().save(one);
    assertThat(EmbedTransformer.load(one).transform(texts).collectAsList())
        .isEqualTo(((EmbedTransformer) stages[0]).transform(texts).collectAsList());
  }
}
