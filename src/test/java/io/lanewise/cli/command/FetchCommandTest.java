package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.StandInHub;
import io.lanewise.checkpoint.StandInHub.Request;
import io.lanewise.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {
  private static final Path SENTIMENT = Path.of("weights", "albert-tiny-sentiment");
  private static final String NAME = "acme/mood";
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path home;
  private Path said;
  private StandInHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new StandInHub(NAME).with(SENTIMENT);
    said = home.resolve("said");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Process start(String... arguments) throws IOException {
    var builder = Run.builder(arguments);
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("HF_") || name.contains("CACHE"));
    environment.put("HF_HOME", "~/hugging");
    environment.put("HOME", home.toString());
    environment.put("HF_ENDPOINT", hub.endpoint());
    environment.put("no_proxy", "*");
    return builder.redirectError(said.toFile()).start();
  }

  private Run run(String... arguments) throws Exception {
    var process = start(arguments);
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, Files.readString(said));
  }

  /** Waits for something that processes do, which must not end before. */
  private void until(Callable<Boolean> holds, Process... processes) throws Exception {
    while (!holds.call()) {
      for (var process : processes) {
        assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
      }
      Thread.sleep(5);
    }
  }

  private Path snapshot() {
    return home.resolve("hugging/hub/models--acme--mood/snapshots/" + StandInHub.COMMIT);
  }

  @Test
  void whatIsFetchedIsAModel() throws Exception {
    var fetched = run("fetch", NAME);
    assertThat(fetched.code()).as(fetched.err()).isZero();
    assertThat(fetched.out()).isEqualTo(snapshot() + "\n");
    assertThat(snapshot().resolve(WEIGHTS)).hasSameBinaryContentAs(SENTIMENT.resolve(WEIGHTS));
    assertThat(run("classify", "--model", NAME, "a joy").out()).contains("POSITIVE");
  }

  @Test
  void inOneProcessItSaysWhatItDoes() {
    var cache = home.resolve("cache").toString();
    var missing = Run.of("fetch", "--cache", cache, "no name");
    missing.failed("no name is no name of the Hub");
    Run.of("fetch").refused("NAME");
    assertThat(Run.of("help", "fetch").succeeded().out()).contains("HF_TOKEN", "--include");
    Run.of("classify", "--model", "acme/never-" + System.nanoTime(), "x")
        .failed("bring it with lanewise fetch acme/never-");
    Run.of("classify", "--model", "never-" + System.nanoTime(), "x")
        .failed("bring it with lanewise fetch never-");
  }

  @Test
  void aKilledProcessIsGoneOnFrom() throws Exception {
    var bytes = hub.files.get(WEIGHTS);
    int sent = bytes.length / 2;
    var end = new CountDownLatch(1);
    var times = new AtomicInteger();
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        exchange -> {
          if (times.getAndIncrement() > 0) {
            return false;
          }
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes, 0, sent);
          exchange.getResponseBody().flush();
          await(end);
          return true;
        });
    var process = start("fetch", NAME);
    var part =
        snapshot()
            .resolve("../../blobs")
            .normalize()
            .resolve(StandInHub.digest(WEIGHTS, bytes) + ".lanewise.incomplete");
    until(() -> Files.exists(part) && Files.size(part) == sent, process);
    process.destroyForcibly().waitFor();
    end.countDown();
    assertThat(run("fetch", NAME).code()).isZero();
    assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(bytes);
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS))
        .extracting(Request::range)
        .containsExactly(null, "bytes=" + sent + "-");
  }

  @Test
  void twoProcessesAtOnceFetchOnce() throws Exception {
    var go = new CountDownLatch(1);
    hub.faults.put(
        "storage GET /" + WEIGHTS,
        exchange -> {
          await(go);
          return false;
        });
    var both = new Process[] {start("fetch", NAME), start("fetch", NAME)};
    // Both have asked for the last description, and one of them for the bytes.
    until(
        () ->
            hub.of("hub", "HEAD", hub.resolve(WEIGHTS)).size() == 2
                && !hub.of("storage", "GET", "/" + WEIGHTS).isEmpty(),
        both);
    go.countDown();
    for (var process : both) {
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      assertThat(out).isEqualTo(snapshot() + "\n");
    }
    assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(hub.files.get(WEIGHTS));
    assertThat(hub.of("storage", "GET", "/" + WEIGHTS)).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void commandsAreListed() {
    assertThat(List.of(Run.of("--help").succeeded().out().split("\\s+"))).contains("fetch");
  }
}
