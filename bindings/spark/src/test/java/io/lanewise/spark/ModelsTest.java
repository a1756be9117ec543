package io.lanewise.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.CheckpointException;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.MemoryException;
import io.lanewise.task.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM loads a model once, and closes it. */
class ModelsTest {
  private static final EmbedRows ROWS = new EmbedRows(null, null, null, 0);

  @TempDir private Path folder;

  private static ModelSettings settings(String model) {
    return new ModelSettings(model, "", ModelSettings.AUTO, 4096, 0, 1, "");
  }

  private static Models models() {
    return new Models(SparkConf::new);
  }

  @Test
  void scratchMemoryIsBoundedAndCounted() {
    var models = new Models(() -> new SparkConf(false).set(Models.MEMORY, "2m"));
    assertThat(models.memory().bytes()).isEqualTo(2 << 20);
    var embedder = models.get(ROWS, settings(Folders.DEMO)).task();
    embedder.predict("Rome");
    assertThat(models.memory().used()).isBetween(1L, 2L << 20);
    var many = Collections.nCopies(20, "word ".repeat(400));
    assertThatThrownBy(() -> embedder.predictAll(many))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("of the 2 MB of the budget");
    assertThat(embedder.predict("Rome").size()).isEqualTo(192);
    models.close();
    var other = new Models(() -> new SparkConf(false));
    assertThat(other.memory().bytes()).isEqualTo(512L << 20);
  }

  @Test
  void threadsAreThoseOfATask() {
    var models = new Models(() -> new SparkConf(false).set("spark.task.cpus", "2"));
    var kernels = models.get(ROWS, settings(Folders.EMBED).withThreads(0)).kernels();
    assertThat(kernels).contains("2 threads a call");
    models.close();
  }

  @Test
  void isLoadedOnceHoweverManyTasksWantIt() throws Exception {
    var models = models();
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var calls = new ArrayList<Future<Embedder>>();
      for (int i = 0; i < 8; i++) {
        var rows = new EmbedRows("prompt " + i, null, true, i);
        Callable<Embedder> call =
            () -> {
              start.await();
              return models.get(rows, settings(Folders.EMBED)).task();
            };
        calls.add(threads.submit(call));
      }
      start.countDown();
      var tasks = new HashSet<Embedder>();
      for (var each : calls) {
        tasks.add(each.get());
      }
      assertThat(tasks).hasSize(1);
    }
    assertThat(models.loads()).isEqualTo(1);
    models.close();
  }

  @Test
  void isLoadedAgainForOtherSettingsAndAfterTheEnd() {
    var models = models();
    var one = models.get(ROWS, settings(Folders.EMBED)).task();
    assertThat(models.get(ROWS, settings(Folders.EMBED)).task()).isSameAs(one);
    assertThat(models.get(ROWS, settings(Folders.EMBED).withThreads(2)).task()).isNotSameAs(one);
    assertThat(models.size()).isEqualTo(2);
    models.close();
    assertThat(models.size()).isZero();
    assertThatThrownBy(() -> one.predict("Rome")).isInstanceOf(ClosedException.class);
    assertThat(models.get(ROWS, settings(Folders.EMBED)).task().predict("Rome").size())
        .isEqualTo(16);
    assertThat(models.loads()).isEqualTo(3);
    models.close();
  }

  @Test
  void isTriedAgainAfterAFailure() throws IOException {
    var models = models();
    var place = folder.resolve("model");
    assertThatThrownBy(() -> models.get(ROWS, settings(place.toString())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("bring the model to every executor");
    copy(Path.of(Folders.EMBED), place);
    assertThat(models.get(ROWS, settings(place.toString())).task()).isNotNull();
    assertThat(models.loads()).isEqualTo(1);
    models.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void whoWaitsForALoadHearsAnInterrupt() {
    var models = models();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> models.get(ROWS, settings(Folders.EMBED)))
        .isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theDigestIsOfNamesAndBytes() throws IOException {
    var place = folder.resolve("model");
    copy(Path.of(Folders.EMBED), place);
    var first = ModelFiles.of(place);
    assertThat(first).isEqualTo(ModelFiles.of(Path.of(Folders.EMBED)));
    Files.createDirectories(place.resolve(".cache"));
    Files.writeString(place.resolve(".cache").resolve("lock"), "x");
    assertThat(ModelFiles.of(place)).isEqualTo(first);
    var config = place.resolve("config.json");
    var bytes = Files.readAllBytes(config);
    bytes[bytes.length - 1] ^= 1;
    Files.write(config, bytes);
    assertThat(ModelFiles.of(place).digest()).isNotEqualTo(first.digest());
    bytes[bytes.length - 1] ^= 1;
    Files.write(config, bytes);
    Files.move(config, place.resolve("other.json"));
    assertThat(ModelFiles.of(place).digest()).isNotEqualTo(first.digest());
  }

  @Test
  void aFolderHasNoRevision() {
    var asked = new ModelSettings(Folders.EMBED, "v2", "auto", 4096, 0, 1, "");
    assertThatThrownBy(asked::folder)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a folder, which has none");
  }

  /** Without the plugin it is the end of the JVM that closes them. */
  @Test
  void areClosedWhenTheJvmEnds() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--add-modules=jdk.incubator.vector",
                "-Dlanewise.core=" + System.getProperty("lanewise.core"),
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("closed 1 models");
  }

  /** Loads a model and ends. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] arguments) {
      Models.here().get(ROWS, settings(Folders.EMBED));
    }
  }
}
