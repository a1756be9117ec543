package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two executors in processes of their own: one load in each, and the same bits as in this JVM. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
  private static final int ROWS = 20_000;
  private static final int PARTITIONS = 16;
  private static final List<String> TEXTS = Texts.some(ROWS, 12);

  private static SparkSession spark;
  private static List<float[]> expected;
  private static Preflight.Report report;

  @TempDir private Path folder;

  @BeforeAll
  static void start(@TempDir Path place) throws Exception {
    spark = Sessions.cluster(zipped(place).toUri() + "#brought");
    while (spark.sparkContext().statusTracker().getExecutorInfos().length < 3) {
      Thread.sleep(20); // the driver, and both executors
    }
    var vector = Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(2);
    try (var embedder = Embedder.load(Path.of(Folders.EMBED), vector)) {
      expected = embedder.predictAll(TEXTS).stream().map(each -> each.values()).toList();
    }
  }

  /** The model as an archive. */
  private static Path zipped(Path place) throws IOException {
    var archive = place.resolve("small-model.zip");
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive));
        var files = Files.walk(Path.of(Folders.EMBED))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = Path.of(Folders.EMBED).relativize(file).toString().replace('\\', '/');
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(file, zip);
      }
    }
    return archive;
  }

  @AfterAll
  static void end() {
    Sessions.end();
  }

  /** The texts with their numbers, in so many partitions. */
  private static Dataset<Row> numbered(int partitions) {
    return spark
        .createDataset(TEXTS, Encoders.STRING())
        .toDF("text")
        .selectExpr("monotonically_increasing_id() AS id", "text")
        .coalesce(1)
        .repartition(partitions);
  }

  private static EmbedTransformer embed() {
    return new EmbedTransformer()
        .setModel(Folders.EMBED)
        .setInputCol("text")
        .setOutputCol("vector");
  }

  /** Adds the process and how many models it has loaded. */
  private static Dataset<Row> witnessed(Dataset<Row> rows) {
    MapPartitionsFunction<Row, Row> witness =
        partition -> {
          var out = new ArrayList<Row>();
          partition.forEachRemaining(
              row ->
                  out.add(
                      RowFactory.create(
                          row.getLong(0),
                          row.get(1),
                          ProcessHandle.current().pid(),
                          Models.here().loads())));
          return out.iterator();
        };
    var schema =
        rows.select("id", "vector")
            .schema()
            .add("pid", DataTypes.LongType)
            .add("loads", DataTypes.IntegerType);
    return rows.select("id", "vector").mapPartitions(witness, Encoders.row(schema));
  }

  /** Every text's vector has the bits that a loop in this JVM gives it. */
  private static void assertBits(List<Row> rows) {
    assertThat(rows).hasSize(ROWS);
    var texts = new HashSet<Long>();
    for (var row : rows) {
      texts.add(row.getLong(0));
      var vector = row.<Float>getList(row.fieldIndex("vector"));
      float[] bits = expected.get((int) row.getLong(0));
      assertThat(vector).hasSize(bits.length);
      for (int i = 0; i < bits.length; i++) {
        if (Float.floatToRawIntBits(vector.get(i)) != Float.floatToRawIntBits(bits[i])) {
          throw new AssertionError("text %d: %s".formatted(row.getLong(0), vector));
        }
      }
    }
    assertThat(texts).hasSize(ROWS);
  }

  private static Map<Long, Integer> loads(List<Row> rows) {
    var loads = new TreeMap<Long, Integer>();
    rows.forEach(row -> loads.merge(row.getAs("pid"), row.getAs("loads"), Math::max));
    return loads;
  }

  @Test
  @Order(1)
  void everyExecutorIsLookedAtFirst() {
    report = Preflight.check(spark, embed());
    assertThat(report.executors()).hasSize(2);
    for (var executor : report.executors()) {
      assertThat(executor.pid()).isNotEqualTo(ProcessHandle.current().pid());
      assertThat(ProcessHandle.current().descendants().map(ProcessHandle::pid))
          .contains(executor.pid());
      assertThat(executor.java()).isEqualTo(Runtime.version().toString());
      assertThat(executor.digest()).isEqualTo(ModelFiles.of(Path.of(Folders.EMBED)).digest());
      assertThat(executor.kernels()).anyMatch(line -> line.startsWith("vector kernels of "));
      assertThat(executor.kernels()).contains("one thread, the caller's");
    }
    assertThat(report.executors()).extracting(Preflight.Executor::pid).doesNotHaveDuplicates();
  }

  @Test
  @Order(2)
  void eachProcessLoadsTheModelOnce() {
    var rows = witnessed(embed().setDigest("").transform(numbered(PARTITIONS))).collectAsList();
    assertBits(rows);
    assertThat(loads(rows).keySet())
        .isEqualTo(Set.copyOf(report.executors().stream().map(Preflight.Executor::pid).toList()));
    assertThat(loads(rows).values()).containsOnly(1);
  }

  @Test
  @Order(3)
  void thePartitionsAndTheNeighboursDoNotMatter() {
    var small = embed().setWindowRows(37).setBatchTokens(60);
    assertBits(small.transform(numbered(3)).select("id", "vector").collectAsList());
    var sorted = embed().transform(numbered(PARTITIONS).sort("text"));
    assertBits(sorted.select("id", "vector").collectAsList());
  }

  @Test
  @Order(4)
  void aPipelineModelThatIsLoadedAgainGivesTheSame() throws IOException {
    var path = folder.resolve("model").toString();
    var texts = numbered(PARTITIONS);
    new Pipeline().setStages(new PipelineStage[] {embed()}).fit(texts).write().save(path);
    assertBits(PipelineModel.load(path).transform(texts).select("id", "vector").collectAsList());
  }

  @Test
  @Order(5)
  void sqlGivesTheSame() {
    spark.conf().set("spark.lanewise.embed.model", Folders.EMBED);
    numbered(PARTITIONS).createOrReplaceTempView("texts");
    assertBits(spark.sql("SELECT id, lanewise_embed(text) AS vector FROM texts").collectAsList());
    spark
        .udf()
        .registerJava(
            "by_name",
            EmbedFunction.class.getName(),
            DataTypes.createArrayType(DataTypes.FloatType));
    assertBits(spark.sql("SELECT id, by_name(text) AS vector FROM texts").collectAsList());
  }

  @Test
  @Order(6)
  void sparkBringsAModelToTheExecutors() {
    var rows = embed().setModel("brought").transform(numbered(PARTITIONS));
    assertBits(rows.select("id", "vector").collectAsList());
  }

  /**
   * One partition stops in its middle, in the process that has it, until that is killed; the other
   * goes on meanwhile.
   */
  @Test
  @Order(7)
  void anExecutorThatIsKilledChangesNothing() throws Exception {
    var stopped = folder.resolve("stopped");
    var texts = numbered(PARTITIONS);
    var gate = stopsOnce(stopped.toString());
    var rows =
        witnessed(
            embed()
                .setWindowRows(100)
                .transform(texts.mapPartitions(gate, Encoders.row(texts.schema()))));
    var ended = new CountDownLatch(PARTITIONS / 4);
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd task) {
                if (task.taskType().equals("ResultTask")) {
                  ended.countDown();
                }
              }
            });
    var answers = CompletableFuture.supplyAsync(rows::collectAsList);
    ended.await();
    while (!Files.exists(stopped)) {
      Thread.sleep(20); // another process makes it
    }
    assertThat(answers).isNotDone();
    long victim = Long.parseLong(Files.readString(stopped));
    var process = ProcessHandle.of(victim).orElseThrow();
    assertThat(victim).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(process.destroyForcibly()).isTrue();
    process.onExit().get();
    assertBits(answers.get());
    assertThat(loads(answers.get()).keySet()).doesNotContain(victim);
  }

  /** Passes rows on; the first attempt at partition 0 tells its process and stops half-way. */
  private static MapPartitionsFunction<Row, Row> stopsOnce(String file) {
    return partition -> {
      var rows = new ArrayList<Row>();
      partition.forEachRemaining(rows::add);
      int half = rows.size() / 2;
      boolean first = TaskContext.getPartitionId() == 0 && !Files.exists(Path.of(file));
      return IntStream.range(0, rows.size())
          .mapToObj(
              i -> {
                if (first && i == half) {
                  stop(Path.of(file));
                }
                return rows.get(i);
              })
          .iterator();
    };
  }

  private static void stop(Path file) {
    try {
      var whole = Files.writeString(file.resolveSibling("pid"), "" + ProcessHandle.current().pid());
      Files.move(whole, file);
      new CountDownLatch(1).await(); // for good
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
