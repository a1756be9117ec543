package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.cli.Run;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.attention.AttentionTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is loaded from a folder, no file beside its weights is read twice. */
class FilesReadOnceTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");

  @TempDir private Path temporary;

  @FunctionalInterface
  private interface Loader {
    AutoCloseable load(Path folder);
  }

  private record Loaded(Path folder, Loader loader) {
    @Override
    public String toString() {
      return folder.getFileName().toString();
    }
  }

  private static Loaded loaded(String folder, Loader loader) {
    return new Loaded(TASKS.resolve(folder), loader);
  }

  static List<Loaded> tasks() {
    var demo = Path.of("weights", "albert-tiny-demo");
    return List.of(
        new Loaded(demo, folder -> FillMask.load(folder, Options.DEFAULT)),
        new Loaded(demo, folder -> Scorer.load(folder, Options.DEFAULT)),
        new Loaded(demo, folder -> AttentionTask.load(folder, Options.DEFAULT)),
        loaded("span-bert-tokens", folder -> TokenClassifier.load(folder, Options.DEFAULT)),
        loaded("span-albert-answers", folder -> QuestionAnswerer.load(folder, Options.DEFAULT)),
        loaded("classes-bart-zero-shot", folder -> ZeroShot.load(folder, Options.DEFAULT)),
        loaded("classes-roberta-choose", folder -> MultipleChoice.load(folder, Options.DEFAULT)),
        loaded("classes-bert-next", folder -> NextSentence.load(folder, Options.DEFAULT)),
        loaded("classes-albert-order", folder -> SentenceOrder.load(folder, Options.DEFAULT)),
        loaded("classes-bert-embed", folder -> Embedder.load(folder, Options.DEFAULT)),
        loaded("classes-albert-embed", folder -> Embedder.load(folder, Options.DEFAULT)),
        loaded("classes-bert-rerank", folder -> Reranker.load(folder, Options.DEFAULT)),
        loaded("generation/bert-lm", folder -> TextGenerator.load(folder, Options.DEFAULT)),
        loaded("generation/bart", folder -> TextToText.load(folder, Options.DEFAULT)),
        loaded("generation/bart", folder -> Model.load(folder, Options.DEFAULT)));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void aTaskReadsEachFileOnce(Loaded task) throws Exception {
    assertReadOnce(task.folder, () -> task.loader.load(task.folder).close());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandReadsEachFileOnce(List<String> line) throws Exception {
    var words = line.toArray(String[]::new);
    assertReadOnce(Path.of(words[2]), () -> Run.of(words).succeeded());
  }

  static List<List<String>> commands() {
    var demo = Path.of("weights", "albert-tiny-demo").toString();
    return List.of(
        List.of("fill-mask", "-m", demo, "a [MASK]"),
        List.of("classify", "-m", "weights/albert-tiny-sentiment", "a"),
        List.of("embed", "-m", TASKS.resolve("classes-bert-embed").toString(), "a"),
        List.of("generate", "-m", TASKS.resolve("generation/bert-lm").toString(), "-n2", "a"),
        List.of("summarize", "-m", TASKS.resolve("generation/bart").toString(), "-n2", "a"),
        List.of("inspect", "-m", demo),
        List.of("doctor", "-m", demo));
  }

  /** The bytes that were read of a file are as many as it has, or fewer. */
  private void assertReadOnce(Path folder, Action action) throws Exception {
    var read = bytesRead(action);
    assertThat(read.keySet()).anyMatch(file -> file.endsWith("config.json"));
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.filter(FilesReadOnceTest::isNoWeights).toList()) {
        long bytes = read.getOrDefault(file.toAbsolutePath(), 0L);
        assertThat(bytes).as("bytes read of %s", file).isLessThanOrEqualTo(Files.size(file));
      }
    }
  }

  private static boolean isNoWeights(Path file) {
    return Files.isRegularFile(file) && !ModelFolder.endsLikeWeights(file.toString());
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }

  /** How many bytes the JVM reads of each file meanwhile. */
  private Map<Path, Long> bytesRead(Action action) throws Exception {
    var record = temporary.resolve("reads.jfr");
    try (var recording = new Recording()) {
      recording.enable("jdk.FileRead").withThreshold(Duration.ZERO).withoutStackTrace();
      recording.start();
      action.run();
      recording.stop();
      recording.dump(record);
    }
    var bytes = new HashMap<Path, Long>();
    for (var event : RecordingFile.readAllEvents(record)) {
      if (event.getEventType().getName().equals("jdk.FileRead")
          && event.getString("path") != null) {
        var file = Path.of(event.getString("path")).toAbsolutePath();
        bytes.merge(file, Math.max(0, event.getLong("bytesRead")), Long::sum);
      }
    }
    return bytes;
  }

  /** The counting counts: what is read twice is seen. */
  @Test
  void aFileThatIsReadTwiceIsSeen() throws Exception {
    var file = Files.writeString(temporary.resolve("file"), "four");
    var read =
        bytesRead(
            () -> {
              Files.readAllBytes(file);
              Files.readAllBytes(file);
            });
    assertThat(read.get(file.toAbsolutePath())).isEqualTo(8);
  }

  /** Once the settings are read, another config.json in the folder changes nothing. */
  @Test
  void theSettingsStayAsTheyWereRead() throws IOException {
    var folder = temporary.resolve("model");
    Files.createDirectory(folder);
    try (Stream<Path> files = Files.list(Path.of("weights", "albert-tiny-sentiment"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    var settings = FolderSettings.of(folder);
    assertThat(settings.head()).contains(Head.SEQUENCE_CLASSIFICATION);
    assertThat(settings.generation()).isEmpty();
    Files.writeString(folder.resolve("config.json"), "{ broken");
    Files.writeString(folder.resolve("generation_config.json"), "{ broken");
    try (var classifier = TextClassifier.load(settings, TaskOptions.DEFAULT)) {
      assertThat(classifier.predict("A joy.")).isNotEmpty();
    }
  }
}
