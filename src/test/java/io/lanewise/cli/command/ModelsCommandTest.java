package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.HubRepository;
import io.lanewise.cli.HandMadeHub;
import io.lanewise.cli.Run;
import io.lanewise.cli.option.CachedModel;
import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache of the Hub as Hugging Face's tools lay it out: blobs, links to them, references. */
class ModelsCommandTest {
  private static final String MAIN = "1111111111aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String PULL = "2222222222aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final Path SENTIMENT = Path.of("weights", "albert-tiny-sentiment");

  @TempDir private Path cache;

  @BeforeEach
  void fill() throws IOException {
    snapshot("lanewise/tiny", MAIN, "main", DEMO);
    snapshot("lanewise/tiny", PULL, "refs/pr/11", SENTIMENT);
    Files.createDirectories(cache.resolve("datasets--glue/snapshots").resolve(MAIN));
    Files.createDirectories(cache.resolve(".locks/models--lanewise--tiny"));
  }

  private Path snapshot(String name, String commit, String revision, Path model)
      throws IOException {
    return hub().snapshot(name, commit, revision, model);
  }

  private HandMadeHub hub() {
    return new HandMadeHub(cache);
  }

  private void replace(Path file, String text) throws IOException {
    Files.delete(file);
    Files.writeString(file, text);
  }

  private List<String> everything() throws IOException {
    try (var paths = Files.walk(cache)) {
      return paths.map(path -> path + " " + path.toFile().lastModified()).sorted().toList();
    }
  }

  private List<String> table() {
    return Run.of("models", "--cache", cache.toString()).succeeded().out().lines().toList();
  }

  /** The line of a model, its columns parted by one blank. */
  private String line(String model) {
    var lines = table().stream().filter(line -> line.startsWith(model + " ")).toList();
    assertThat(lines).hasSize(1);
    return lines.getFirst().replaceAll(" +", " ");
  }

  @Test
  void aLineASnapshotSaysWhatItIs() throws IOException {
    var before = everything();
    var lines = table();
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).matches("model +revision +family +head +size +weights +runs");
    assertThat(lines.get(1))
        .matches(
            "lanewise/tiny +main +albert +ForPreTraining +\\d\\.\\d MiB  safetensors F32  yes");
    assertThat(lines.get(2))
        .matches("lanewise/tiny +refs/pr/11 +albert +ForSequenceClassification .* yes");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void theListIsForProgramsToo() {
    var json = Run.of("models", "--cache", cache.toString(), "--json").succeeded().json();
    assertThat(json).hasSize(2);
    assertThat(json.get(1).path("revisions").get(0).textValue()).isEqualTo("refs/pr/11");
    assertThat(json.get(1).path("commit").textValue()).isEqualTo(PULL);
    assertThat(json.get(1).path("runs").booleanValue()).isTrue();
    assertThat(Run.of("models", "--cache", cache.toString(), "--jsonl").succeeded().jsonLines())
        .containsExactly(json.get(0), json.get(1));
    var csv = Run.of("models", "--cache", cache.toString(), "--csv").succeeded().out();
    assertThat(csv)
        .startsWith("model,commit,revisions,folder,bytes,family,head,format,dtype,runs,problem\r\n")
        .contains("\r\nlanewise/tiny," + PULL + ",refs/pr/11,")
        .endsWith(",albert,ForSequenceClassification,safetensors,F16,true,\r\n");
    Run.of("models", "--json", "--csv").refused("mutually exclusive");
  }

  @Test
  void whatDoesNotRunIsToldInAWord() throws IOException {
    var family = snapshot("family", MAIN, "main", DEMO).resolve("config.json");
    replace(family, "{\"model_type\":\"gpt2\",\"architectures\":[\"GPT2LMHeadModel\"]}");
    assertThat(line("family")).contains(" gpt2 ", "ForCausalLM", " no: no family that runs");
    var head = snapshot("head", MAIN, "main", DEMO).resolve("config.json");
    replace(head, "{\"model_type\":\"albert\",\"architectures\":[\"AlbertForCausalLM\"]}");
    assertThat(line("head")).contains(" no: albert has no head ForCausalLM");
    var unknown = snapshot("unknown", MAIN, "main", DEMO).resolve("config.json");
    replace(unknown, "{\"model_type\":\"albert\",\"architectures\":[\"AlbertForFun\"]}");
    assertThat(line("unknown")).contains(" AlbertForFun ", " no: ", "AlbertForFun is unknown");
    var broken = snapshot("broken", MAIN, "main", DEMO).resolve("config.json");
    replace(broken, "{\"model_type\":");
    assertThat(line("broken")).contains(" no: config.json is not valid JSON");
  }

  @Test
  void whatIsBrokenIsALineAndNoFailure() throws IOException {
    snapshot("lost", MAIN, "main", DEMO);
    Files.delete(
        hub()
            .repository("lost")
            .resolve("blobs")
            .resolve(HandMadeHub.blob(MAIN, "model.safetensors")));
    assertThat(line("lost")).contains(" no: the cache has lost model.safetensors");

    var half = snapshot("half", MAIN, "main", DEMO);
    Files.delete(half.resolve("model.safetensors"));
    assertThat(line("half")).contains(" albert ", " no: model.safetensors is not downloaded");
    Files.writeString(cache.resolve("models--half/blobs/3333.incomplete"), "half");
    assertThat(line("half")).contains(" no: model.safetensors: the download is not finished");
    hub().absent("half", MAIN, "model.safetensors");
    assertThat(line("half")).contains(" no: the Hub has no model.safetensors for it");

    var shards = snapshot("shards", MAIN, "main", DEMO);
    Files.delete(shards.resolve("model.safetensors"));
    Files.writeString(
        shards.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\"}}");
    assertThat(line("shards")).contains(" no: model-00001-of-00002.safetensors does not exist");

    var cut = snapshot("cut", MAIN, "main", DEMO).resolve("model.safetensors");
    var bytes = Files.readAllBytes(cut);
    Files.delete(cut);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(line("cut")).contains(" no: model.safetensors");

    Files.createDirectories(cache.resolve("models--begun/blobs"));
    assertThat(line("begun")).isEqualTo("begun - - - - - no: nothing is downloaded");
    Files.writeString(cache.resolve("models--begun/blobs/4444.incomplete"), "");
    assertThat(line("begun")).endsWith("no: the download is not finished");
    Files.createDirectories(cache.resolve("models--empty/snapshots").resolve(PULL));
    assertThat(line("empty")).contains("empty 222222222 ", " no: config.json is not downloaded");
  }

  /** Where links are not to be had, Hugging Face's tools put the files themselves. */
  @Test
  void aCacheWithoutLinksIsReadToo() throws IOException {
    var snapshot = Files.createDirectories(cache.resolve("models--plain/snapshots").resolve(MAIN));
    try (Stream<Path> files = Files.list(SENTIMENT)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, snapshot.resolve(file.getFileName()));
      }
    }
    Files.createDirectories(cache.resolve("models--plain/refs"));
    Files.writeString(cache.resolve("models--plain/refs/main"), MAIN);
    assertThat(line("plain")).contains(" main albert ForSequenceClassification ").endsWith(" yes");
  }

  @Test
  void anEmptyCacheSaysHowToFillIt() {
    var run = Run.of("models", "--cache", cache.resolve("none").toString());
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("lanewise fetch");
    assertThat(Run.of("models", "--json", "--cache", cache.resolve("none").toString()).json())
        .isEmpty();
  }

  /** In a process of its own, for its environment. */
  private Run with(String... arguments) throws Exception {
    var builder = Run.builder(arguments);
    builder.environment().put("HF_HUB_CACHE", cache.toString());
    var err = Files.createTempFile(cache, "err", "");
    var process = builder.redirectError(err.toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    var said =
        Files.readAllLines(err).stream().filter(line -> line.startsWith("lanewise")).toList();
    return new Run(code, out, String.join("\n", said));
  }

  @Test
  void aNameOfTheHubIsAModel() throws Exception {
    var masked = with("fill-mask", "--model=lanewise/tiny", "The capital of [MASK] is Paris.");
    assertThat(masked.succeeded().out()).contains("france");
    var classified =
        with("classify", "-m", "lanewise/tiny", "--revision=refs/pr/11", "--json", "A joy.");
    assertThat(classified.succeeded().out()).contains("POSITIVE");
    with("classify", "-m", "lanewise/tiny", "--revision=v9", "x")
        .failed("lanewise fetch lanewise/tiny --revision v9");
    with("classify", "-m", "lanewise/none", "x").failed("lanewise fetch lanewise/none");
    var byHash =
        with("fill-mask", "-m", "lanewise/tiny", "--revision", MAIN.substring(0, 8), "a [MASK]");
    assertThat(byHash.succeeded().out()).isNotEmpty();
    var tokens = with("tokenize", "-m", "lanewise/tiny", "--json", "A joy.");
    var array = Json.parse(tokens.out().getBytes(StandardCharsets.UTF_8), "out");
    assertThat(array.path("tokens").get(0).textValue()).isEqualTo("[CLS]");
  }

  /**
   * Whatever lies in the cache, the models beside it are listed, and it has a line or is passed.
   */
  @Test
  void brokenEntriesDoNotEndTheList() throws IOException {
    for (var broken :
        List.of(
            "[1]",
            "{\"model_type\":",
            "{\"model_type\":{\"a\":1}}",
            "{\"architectures\":\"x\"}",
            "[".repeat(100_000),
            "\0")) {
      var name = "bad/n" + broken.hashCode();
      replace(snapshot(name, MAIN, "main", DEMO).resolve("config.json"), broken);
    }
    var folderAsConfig = snapshot("bad/folder", MAIN, "main", DEMO).resolve("config.json");
    Files.delete(folderAsConfig);
    Files.createDirectory(folderAsConfig);
    var folderAsWeights = snapshot("bad/weights", MAIN, "main", DEMO).resolve("model.safetensors");
    Files.delete(folderAsWeights);
    Files.createDirectory(folderAsWeights);
    replace(snapshot("bad/torn", MAIN, "main", DEMO).resolve("model.safetensors"), "torn");
    var pickle = snapshot("bad/pickle", MAIN, "main", DEMO);
    Files.delete(pickle.resolve("model.safetensors"));
    Files.writeString(pickle.resolve("pytorch_model.bin"), "\u0080\u0002K\u0001.");
    Files.createSymbolicLink(
        snapshot("bad/loop", MAIN, "main", DEMO).resolve("loop"), Path.of("loop"));
    Files.createDirectories(cache.resolve("models--"));
    Files.createDirectories(cache.resolve("models----"));
    Files.writeString(Files.createDirectories(cache.resolve("models--a")).resolve("snapshots"), "");
    Files.writeString(cache.resolve("models--file"), "");
    Files.createSymbolicLink(cache.resolve("models--self"), Path.of("models--self"));
    var lines = table();
    assertThat(lines).filteredOn(each -> each.startsWith("lanewise/tiny ")).hasSize(2);
    assertThat(lines)
        .filteredOn(each -> each.startsWith("bad/"))
        .hasSize(11)
        .allMatch(each -> each.contains("  no: "));
    assertThat(lines).noneMatch(each -> each.contains("Exception"));
  }

  /** What nobody thought of is told in its line, too. */
  @Test
  void whatGoesWrongUnforeseenIsToldInItsLine() {
    var broken = new HubRepository.Snapshot(MAIN, List.of("main"), null, 0, List.of(), Set.of());
    assertThat(CachedModel.of(new HubRepository("bad/model", List.of(broken), 0)))
        .hasSize(1)
        .allSatisfy(each -> assertThat(each.problem()).contains("it cannot be looked at: java."));
  }
}
