package io.lanewise.checkpoint;

import static io.lanewise.checkpoint.StandInHub.COMMIT;
import static io.lanewise.checkpoint.StandInHub.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.StandInHub.Request;
import io.lanewise.hub.HubEnvironment;
import io.lanewise.hub.Pauses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
  private static final String NAME = "acme/small";
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path folder;
  private final List<Duration> waits = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private byte[] weights;
  private StandInHub hub;

  @BeforeEach
  void start() throws IOException {
    weights = new byte[300_000];
    new Random(1).nextBytes(weights);
    hub = new StandInHub(NAME);
    hub.with("config.json", "{\"model_type\":\"albert\"}")
        .with("tokenizer.json", "{}")
        .with("README.md", "# A model");
    hub.files.put(WEIGHTS, weights);
    variables.put("HF_ENDPOINT", hub.endpoint() + "/");
    variables.put("HOME", folder.resolve("home").toString());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Path fetch(FetchOptions options) {
    return fetch(NAME, options);
  }

  private Path fetch(String name, FetchOptions options) {
    var environment = HubEnvironment.of(variables, "/nowhere");
    return new HubCache(folder.resolve("hub"))
        .fetch(name, options, environment, new Pauses(4, waits::add));
  }

  private AbstractThrowableAssert<?, ?> refused() {
    return assertThatThrownBy(() -> fetch(FetchOptions.DEFAULT))
        .isInstanceOf(CheckpointException.class);
  }

  private Path repository() {
    return folder.resolve("hub/models--acme--small");
  }

  private static List<String> names(Path snapshot) throws IOException {
    try (Stream<Path> files = Files.walk(snapshot)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> snapshot.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void writesTheCacheAsHuggingFaceDoes() throws IOException {
    var snapshot = fetch(FetchOptions.DEFAULT);
    assertThat(snapshot).isEqualTo(repository().resolve("snapshots").resolve(COMMIT));
    assertThat(names(snapshot)).containsExactly("config.json", WEIGHTS, "tokenizer.json");
    assertThat(Files.readAllBytes(snapshot.resolve(WEIGHTS))).isEqualTo(weights);
    var digest = StandInHub.digest(WEIGHTS, weights);
    assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs", digest));
    assertThat(repository().resolve("refs/main")).hasContent(COMMIT);
    assertThat(folder.resolve("hub/.locks/models--acme--small/" + digest + ".lock")).exists();
    assertThat(names(repository().resolve("blobs"))).hasSize(3).allMatch(n -> !n.contains("."));
    assertThat(folder.resolve("hub/CACHEDIR.TAG")).content().startsWith("Signature: 8a477f597d28");
    assertThat(new HubCache(folder.resolve("hub")).findModel(NAME, null)).isEqualTo(snapshot);

    // The second time only the file properties are requested.
    hub.requests.clear();
    assertThat(fetch(FetchOptions.DEFAULT)).isEqualTo(snapshot);
    assertThat(hub.requests)
        .allMatch(r -> r.method().equals("HEAD") || r.path().startsWith("/api/"));
  }

  @Test
  void anotherRevisionStandsForTheSameFiles() throws IOException {
    fetch(FetchOptions.DEFAULT.withRevision("refs/pr/11"));
    assertThat(repository().resolve("refs/refs/pr/11")).hasContent(COMMIT);
    assertThat(repository().resolve("refs/main")).doesNotExist();
    fetch(FetchOptions.DEFAULT.withRevision(COMMIT));
    assertThat(names(repository().resolve("refs"))).containsExactly("refs/pr/11");
  }

  @Test
  void onlyWhatRunsHereIsFetched() throws IOException {
    hub.with("pytorch_model.bin", "pickle")
        .with("tf_model.h5", "h5")
        .with("flax_model.msgpack", "flax")
        .with("onnx/model.onnx", "onnx")
        .with("openvino/openvino_model.bin", "openvino")
        .with("model.fp16.safetensors", "other")
        .with("vocab.txt", "a")
        .with("training_args.bin", "x")
        .with("coreml/config.json", "{}");
    assertThat(names(fetch(FetchOptions.DEFAULT)))
        .containsExactly("config.json", WEIGHTS, "tokenizer.json", "vocab.txt");
  }

  @Test
  void withoutSafetensorsThePickleIsFetchedAlone() throws IOException {
    hub.files.remove(WEIGHTS);
    hub.with("pytorch_model.bin", "pickle")
        .with("tf_model.h5", "h5")
        .with("flax_model.msgpack", "f");
    assertThat(names(fetch(FetchOptions.DEFAULT)))
        .containsExactly("config.json", "pytorch_model.bin", "tokenizer.json");
  }

  @Test
  void shardsAreThoseThatTheIndexNames() throws IOException {
    hub.files.remove(WEIGHTS);
    hub.with(
            "model.safetensors.index.json",
            "{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}")
        .with("one.safetensors", "1")
        .with("two.safetensors", "2")
        .with("three.safetensors", "3");
    assertThat(names(fetch(FetchOptions.DEFAULT)))
        .containsExactly(
            "config.json",
            "model.safetensors.index.json",
            "one.safetensors",
            "tokenizer.json",
            "two.safetensors");
    hub.files.remove("two.safetensors");
    refused().hasMessageContaining("lacks two.safetensors");
  }

  @Test
  void theModulesOfSentenceTransformersComeAlong() throws IOException {
    hub.with(
            "modules.json",
            "[{\"path\":\"\"},{\"path\":\"1_Pooling\"},{\"path\":\"2_Dense\"},{\"path\":\"../x\"}]")
        .with("1_Pooling/config.json", "{}")
        .with("2_Dense/config.json", "{\"a\":1}")
        .with("2_Dense/model.safetensors", "dense")
        .with("2_Dense/pytorch_model.bin", "dense")
        .with("sentence_bert_config.json", "{}")
        .with("3_Other/config.json", "{}");
    var snapshot = fetch(FetchOptions.DEFAULT);
    assertThat(names(snapshot))
        .containsExactly(
            "1_Pooling/config.json",
            "2_Dense/config.json",
            "2_Dense/model.safetensors",
            "config.json",
            WEIGHTS,
            "modules.json",
            "sentence_bert_config.json",
            "tokenizer.json");
    assertThat(Files.readSymbolicLink(snapshot.resolve("1_Pooling/config.json")).getParent())
        .isEqualTo(Path.of("../../../blobs"));
    assertThat(snapshot.resolve("2_Dense/model.safetensors")).hasContent("dense");
  }

  @Test
  void theRoutesOfARouterAndTheHeadsOfBgeM3ComeAlong() throws IOException {
    hub.with("modules.json", "[{\"path\":\"\"}]")
        .with("router_config.json", "{\"types\":{\"query_0\":\"a.B\",\"../x\":\"a.B\"}}")
        .with("query_0/config.json", "{}")
        .with("query_0/idf.json", "{\"a\":1}")
        .with("query_0/model.safetensors", "query")
        .with("sparse_linear.pt", "sparse")
        .with("colbert_linear.pt", "colbert")
        .with("artifact.metadata", "{\"dim\":1}")
        .with("optimizer.pt", "left");
    assertThat(names(fetch(FetchOptions.DEFAULT)))
        .containsExactly(
            "artifact.metadata",
            "colbert_linear.pt",
            "config.json",
            WEIGHTS,
            "modules.json",
            "query_0/config.json",
            "query_0/idf.json",
            "query_0/model.safetensors",
            "router_config.json",
            "sparse_linear.pt",
            "tokenizer.json");
  }

  @Test
  void patternsNameOtherFiles() throws IOException {
    hub.with("onnx/model.onnx", "onnx").with("onnx/[a].txt", "a");
    assertThat(names(fetch(FetchOptions.DEFAULT.withInclude(List.of("*.onnx", "READM?.md")))))
        .containsExactly("README.md", "onnx/model.onnx");
    assertThat(names(fetch(FetchOptions.DEFAULT.withExclude(List.of("*.safetensors")))))
        .doesNotContain(WEIGHTS);
    assertThatThrownBy(() -> fetch(FetchOptions.DEFAULT.withInclude(List.of("*.gguf"))))
        .hasMessageContaining("no file *.gguf");
    assertThat(WantedFiles.matches(List.of("[!a]b*"), "cb/d")).isTrue();
    assertThat(WantedFiles.matches(List.of("[!a]b*"), "ab/d")).isFalse();
    assertThat(WantedFiles.matches(List.of("onnx/"), "onnx/x")).isTrue();
  }

  @Test
  void aModelWithoutWeightsForHereSaysWhatThereIs() {
    hub.files.remove(WEIGHTS);
    hub.with("model.gguf", "x");
    refused().hasMessageContaining("no weights that run here, but model.gguf");
  }

  @Test
  void theTokenGoesToTheHubAlone() {
    variables.put("HF_TOKEN", TOKEN);
    fetch(FetchOptions.DEFAULT);
    assertThat(hub.requests.stream().filter(r -> r.server().equals("hub")))
        .isNotEmpty()
        .allMatch(r -> ("Bearer " + TOKEN).equals(r.authorization()));
    assertThat(hub.requests.stream().filter(r -> r.server().equals("storage")))
        .isNotEmpty()
        .allMatch(r -> r.authorization() == null);
  }

  @Test
  void theTokenIsReadFromTheFileOfHuggingFacesTools() throws IOException {
    var home = Files.createDirectories(folder.resolve("home/.cache/huggingface"));
    Files.writeString(home.resolve("token"), TOKEN + "\n");
    fetch(FetchOptions.DEFAULT);
    assertThat(hub.requests.getFirst().authorization()).isEqualTo("Bearer " + TOKEN);
    variables.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "yes");
    hub.requests.clear();
    fetch(FetchOptions.DEFAULT);
    assertThat(hub.requests.getFirst().authorization()).isNull();
    variables.clear();
    variables.put("HF_ENDPOINT", hub.endpoint());
    variables.put("HF_TOKEN", "two words");
    refused().hasMessageContaining("characters that no token has").hasMessageNotContaining("words");
  }

  @Test
  void aCutConnectionGoesOnWhereItWas() throws IOException {
    var times = new AtomicInteger();
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        exchange ->
            times.getAndIncrement() < 2
                && StandInHub.cuts(exchange, weights, 100_000 * times.get()));
    // The second response ignores the range: it starts again, and is cut earlier than the first.
    var snapshot = fetch(FetchOptions.DEFAULT);
    assertThat(Files.readAllBytes(snapshot.resolve(WEIGHTS))).isEqualTo(weights);
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS))
        .extracting(Request::range)
        .hasSize(3)
        .startsWith((String) null)
        .allMatch(range -> range == null || range.matches("bytes=\\d+-"));
    assertThat(waits).hasSize(2);
  }

  @Test
  void whatAKilledProcessLeftIsNotFetchedAgain() throws IOException {
    var blobs = Files.createDirectories(repository().resolve("blobs"));
    var digest = StandInHub.digest(WEIGHTS, weights);
    Files.write(blobs.resolve(digest + ".lanewise.incomplete"), Arrays.copyOf(weights, 200_000));
    fetch(FetchOptions.DEFAULT);
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS))
        .extracting(Request::range)
        .containsExactly("bytes=200000-");
    assertThat(blobs.resolve(digest)).hasBinaryContent(weights);
    assertThat(names(blobs)).noneMatch(name -> name.endsWith(".incomplete"));
  }

  @Test
  void whatHuggingFacesToolsLeftIsTakenAndKept() throws IOException {
    var blobs = Files.createDirectories(repository().resolve("blobs"));
    var digest = StandInHub.digest(WEIGHTS, weights);
    var theirs = blobs.resolve(digest + ".incomplete");
    Files.write(theirs, Arrays.copyOf(weights, 100_000));
    fetch(FetchOptions.DEFAULT);
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS))
        .extracting(Request::range)
        .containsExactly("bytes=100000-");
    assertThat(theirs).hasSize(100_000);
    assertThat(new HubCache(folder.resolve("hub")).repositories().getFirst().unfinished()).isZero();
  }

  @Test
  void aWrongBeginningIsFetchedAnew() throws IOException {
    var blobs = Files.createDirectories(repository().resolve("blobs"));
    var digest = StandInHub.digest(WEIGHTS, weights);
    for (int length : new int[] {1000, weights.length, weights.length + 1}) {
      Files.deleteIfExists(blobs.resolve(digest));
      Files.deleteIfExists(repository().resolve("snapshots/" + COMMIT + "/" + WEIGHTS));
      Files.write(blobs.resolve(digest + ".lanewise.incomplete"), new byte[length]);
      assertThat(fetch(FetchOptions.DEFAULT).resolve(WEIGHTS)).hasBinaryContent(weights);
    }
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromTheBeginning() throws IOException {
    var blobs = Files.createDirectories(repository().resolve("blobs"));
    var digest = StandInHub.digest(WEIGHTS, weights);
    Files.write(blobs.resolve(digest + ".lanewise.incomplete"), Arrays.copyOf(weights, 5));
    hub.faults.put("storage GET /" + WEIGHTS, exchange -> whole(exchange, weights));
    assertThat(fetch(FetchOptions.DEFAULT).resolve(WEIGHTS)).hasBinaryContent(weights);
  }

  private static boolean whole(HttpExchange exchange, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    return true;
  }

  @Test
  void aFileWithAnotherDigestIsNotKept() throws IOException {
    var wrong = weights.clone();
    wrong[7]++;
    hub.faults.put("storage GET /" + WEIGHTS, exchange -> StandInHub.sends(exchange, wrong));
    refused()
        .hasMessageContaining("model.safetensors of acme/small came with the digest")
        .hasMessageContaining(StandInHub.digest(WEIGHTS, weights));
    assertThat(names(repository().resolve("blobs")))
        .noneMatch(name -> name.startsWith(StandInHub.digest(WEIGHTS, weights)));
    assertThat(repository().resolve("refs/main")).doesNotExist();

    hub.faults.clear();
    var config = "{\"model_type\":\"Albert\"}".getBytes(UTF_8);
    hub.faults.put(
        "hub GET " + hub.resolve("config.json"), exchange -> StandInHub.sends(exchange, config));
    Files.delete(repository().resolve("snapshots/" + COMMIT + "/config.json"));
    Files.delete(
        repository()
            .resolve("blobs/" + StandInHub.digest("config.json", hub.files.get("config.json"))));
    refused().hasMessageContaining("config.json of acme/small came with the digest");
  }

  @Test
  void aWrongLengthIsTold() {
    hub.faults.put(
        "storage GET /" + WEIGHTS, exchange -> StandInHub.sends(exchange, new byte[400_000]));
    refused().hasMessageContaining("where " + hub.endpoint() + " names 300000");
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        exchange ->
            exchange.getRequestHeaders().getFirst("Range") == null
                ? whole(exchange, new byte[1000])
                : StandInHub.fails(exchange, 416, "", ""));
    refused().hasMessageContaining("came with 0 bytes, where");
  }

  @Test
  void errorsOfTheHubSayWhatToDo() {
    assertThatThrownBy(() -> fetch("acme/none", FetchOptions.DEFAULT))
        .hasMessageContaining("no model acme/none on")
        .hasMessageContaining("set HF_TOKEN");
    assertThatThrownBy(() -> fetch(FetchOptions.DEFAULT.withRevision("v9")))
        .hasMessageContaining("acme/small has no revision v9");
    assertThatThrownBy(() -> fetch("../x", FetchOptions.DEFAULT))
        .hasMessageContaining("no name of the Hub");

    var path = "hub HEAD " + hub.resolve("config.json");
    hub.faults.put(path, e -> StandInHub.fails(e, 403, "GatedRepo", "Ask"));
    refused()
        .hasMessageContaining("gated: accept its terms at " + hub.endpoint() + "/acme/small,")
        .hasMessageContaining("HF_TOKEN");
    hub.faults.put(path, e -> StandInHub.fails(e, 404, "EntryNotFound", ""));
    refused().hasMessageContaining("config.json of acme/small does not exist");
    hub.faults.put(path, e -> StandInHub.fails(e, 403, "", "For\u00adbidden"));
    refused().hasMessageContaining("may not be read (For?bidden): set HF_TOKEN");
    variables.put("HF_TOKEN", TOKEN);
    hub.faults.put(
        path, e -> StandInHub.fails(e, 401, "", "Invalid credentials in Authorization header"));
    refused().hasMessageContaining("does not accept the token").hasMessageNotContaining(TOKEN);
    assertThat(waits).isEmpty();
  }

  @Test
  void aServerThatAsksToWaitIsWaitedFor() {
    var times = new AtomicInteger();
    hub.faults.put(
        "hub GET " + StandInHub.api(NAME),
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "7");
          return times.getAndIncrement() < 2 && StandInHub.fails(exchange, 429, "", "");
        });
    var others = new AtomicInteger();
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        e -> others.getAndIncrement() < 1 && StandInHub.fails(e, 503, "", ""));
    fetch(FetchOptions.DEFAULT);
    assertThat(waits)
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7), Duration.ofSeconds(1));
    hub.faults.put("hub GET " + StandInHub.api(NAME), e -> StandInHub.fails(e, 429, "", ""));
    refused().hasMessageContaining("429").hasMessageContaining("HF_TOKEN");
    hub.faults.put("hub GET " + StandInHub.api(NAME), e -> StandInHub.fails(e, 502, "", "bad"));
    refused().hasMessageContaining("answers 502 (bad)");
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws Exception {
    variables.put("HF_HUB_DOWNLOAD_TIMEOUT", "1");
    variables.put("HF_HUB_ETAG_TIMEOUT", "1");
    var end = new CountDownLatch(1);
    try {
      var times = new AtomicInteger();
      hub.faults.put(
          "storage GET /" + WEIGHTS,
          exchange -> {
            if (times.getAndIncrement() > 0) {
              return false;
            }
            exchange.sendResponseHeaders(200, weights.length);
            exchange.getResponseBody().write(weights, 0, 150_000);
            exchange.getResponseBody().flush();
            await(end);
            return true;
          });
      assertThat(fetch(FetchOptions.DEFAULT).resolve(WEIGHTS)).hasBinaryContent(weights);
      hub.faults.put("hub GET " + StandInHub.api(NAME), exchange -> await(end));
      var environment = HubEnvironment.of(variables, "/nowhere");
      assertThatThrownBy(
              () ->
                  new HubCache(folder)
                      .fetch(NAME, FetchOptions.DEFAULT, environment, new Pauses(1, waits::add)))
          .hasMessageContaining("no answer within 1 s");
    } finally {
      end.countDown();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noServerIsTold() {
    hub.close();
    refused()
        .hasMessageContaining("cannot be fetched from localhost")
        .hasMessageContaining("HF_ENDPOINT");
    variables.put("HF_ENDPOINT", "ftp://x");
    refused().hasMessageContaining("HF_ENDPOINT is \"ftp://x\"");
    variables.put("HF_ENDPOINT", "http://no-such-host.invalid");
    waits.clear();
    refused().hasMessageContaining("no such host");
    assertThat(waits).isEmpty();
  }

  @Test
  void offlineTheCacheHasToDo() {
    variables.put("HF_HUB_OFFLINE", "yes");
    refused().hasMessageContaining("HF_HUB_OFFLINE is set");
    assertThat(hub.requests).isEmpty();
    variables.remove("HF_HUB_OFFLINE");
    var snapshot = fetch(FetchOptions.DEFAULT);
    hub.requests.clear();
    variables.put("TRANSFORMERS_OFFLINE", "1");
    assertThat(fetch(FetchOptions.DEFAULT)).isEqualTo(snapshot);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void redirectsThatLeadAstrayAreNotFollowed() {
    var times = new AtomicInteger();
    hub.faults.put(
        "hub GET " + StandInHub.api(NAME),
        exchange -> {
          times.incrementAndGet();
          exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(307, -1);
          return true;
        });
    refused().hasMessageContaining("redirects more than 10 times");
    assertThat(times).hasValueLessThan(20);
    hub.faults.put(
        "hub GET " + StandInHub.api(NAME),
        exchange -> {
          exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
          exchange.sendResponseHeaders(302, -1);
          return true;
        });
    refused().hasMessageContaining("file:///etc/passwd").hasMessageContaining("not followed");
  }

  @Test
  void aModelWithANewNameIsFoundUnderTheOldOne() throws IOException {
    hub.faults.put(
        "hub GET " + StandInHub.api("old"),
        exchange -> {
          exchange.getResponseHeaders().set("Location", StandInHub.api(NAME));
          exchange.sendResponseHeaders(307, -1);
          return true;
        });
    for (var file : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      for (var method : List.of("HEAD", "GET")) {
        hub.faults.put(
            "hub " + method + " " + hub.resolve(file).replace(NAME, "old"),
            exchange -> {
              exchange.getResponseHeaders().set("Location", hub.resolve(file));
              exchange.sendResponseHeaders(307, -1);
              return true;
            });
      }
    }
    assertThat(fetch("old", FetchOptions.DEFAULT).resolve(WEIGHTS)).hasBinaryContent(weights);
    assertThat(folder.resolve("hub/models--old/refs/main")).hasContent(COMMIT);
  }

  @Test
  void namesThatLeadOutsideAreRefused() {
    for (var name : new String[] {"../x.json", "/etc/x", "a/../../x", "C:x", "a//b", "."}) {
      hub.files.put(name, new byte[0]);
      refused().hasMessageContaining("outside of the cache: nothing is fetched");
      hub.files.remove(name);
    }
    assertThat(repository()).doesNotExist();
    assertThatThrownBy(() -> fetch(FetchOptions.DEFAULT.withRevision("../../../x")))
        .isInstanceOf(CheckpointException.class);
  }

  @Test
  void anAnswerThatIsNotTheHubsIsTold() {
    for (var answer : new String[] {"[]", "{\"sha\":\"../x\",\"siblings\":[]}", "<html>", ""}) {
      hub.faults.put(
          "hub GET " + StandInHub.api(NAME),
          exchange -> StandInHub.sends(exchange, answer.getBytes(UTF_8)));
      refused();
    }
    hub.faults.put(
        "hub GET " + StandInHub.api(NAME),
        exchange -> StandInHub.sends(exchange, " ".repeat(40 << 20).getBytes(UTF_8)));
    refused().hasMessageContaining("no list of files");
    hub.faults.clear();
    hub.faults.put(
        "hub HEAD " + hub.resolve("config.json"),
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"../../evil\"");
          exchange.sendResponseHeaders(200, -1);
          return true;
        });
    refused().hasMessageContaining("cannot be verified");
  }

  @Test
  void aFullDiskIsToldBeforeAnythingComes() {
    hub.faults.put(
        "hub HEAD " + hub.resolve(WEIGHTS),
        exchange -> {
          var headers = exchange.getResponseHeaders();
          headers.set("ETag", "\"" + "a".repeat(64) + "\"");
          headers.set("X-Linked-Size", "900000000000000000");
          exchange.sendResponseHeaders(200, -1);
          return true;
        });
    refused().hasMessageContaining("needs 9000000000").hasMessageContaining("HF_HOME");
    assertThat(hub.requests).noneMatch(r -> r.server().equals("storage"));
  }

  @Test
  void withoutLinksTheFilesThemselvesAreThere() throws IOException {
    variables.put("HF_HUB_DISABLE_SYMLINKS", "1");
    var file = fetch(FetchOptions.DEFAULT).resolve(WEIGHTS);
    assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(file).hasBinaryContent(weights);
    assertThat(names(repository().resolve("blobs"))).isEmpty();
  }

  @Test
  void severalThatFetchAtOnceFetchItOnce() throws Exception {
    var first = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        exchange -> {
          first.countDown();
          await(go);
          return false;
        });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = new CountDownLatch(2);
      var options =
          FetchOptions.DEFAULT.withListener(
              new FetchOptions.Listener() {
                @Override
                public void waits(String file) {
                  if (file.equals(WEIGHTS)) {
                    waiting.countDown();
                  }
                }
              });
      var environment = HubEnvironment.of(variables, "/nowhere");
      var cache = new HubCache(folder.resolve("hub"));
      var results =
          Stream.generate(
                  () ->
                      threads.submit(() -> cache.fetch(NAME, options, environment, Pauses.DEFAULT)))
              .limit(3)
              .toList();
      first.await();
      waiting.await();
      go.countDown();
      for (var result : results) {
        assertThat(result.get().resolve(WEIGHTS)).hasBinaryContent(weights);
      }
    }
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS)).hasSize(1);
  }
}
