package io.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.serve.http.Limits;
import io.lanewise.serve.model.ServeLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How requests and the server end. */
class EndingTest {
  private static final Map<String, Path> ONE = Map.of("one", TestServer.MODELS.get("embedding"));

  /** A large request: as many texts as make some hundred passes. */
  private static final String LARGE =
      "{\"inputs\":[" + "\"It began to rain, and then it ended.\",".repeat(2000) + "\"Rome\"]}";

  private static ServerSettings settings() {
    return TestServer.settings(
        new Limits(1_000_000, 50_000_000, 64, Duration.ofSeconds(30)),
        new ServeLimits(64, 1_000_000, 200_000, 64, Duration.ofSeconds(60), true),
        List.of(),
        List.of());
  }

  private static HttpRequest request(TestServer server, String body) {
    return server
        .request("/embed")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static void awaitRunning(TestServer server) {
    while (server.metric("te_batch_next_size_sum") == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatRunsIsAnsweredAndNothingElse() throws Exception {
    var server = TestServer.open(settings(), ONE);
    try {
      var expected = TestServer.json(server.post("/embed", LARGE));
      var running = new ArrayList<CompletableFuture<Integer>>();
      double before = server.metric("te_request_count{method=\"batch\"}");
      for (int i = 0; i < 3; i++) {
        running.add(
            server
                .client()
                .sendAsync(request(server, LARGE), BodyHandlers.ofByteArray())
                .thenApply(
                    response -> {
                      assertThat(TestServer.json(response)).isEqualTo(expected);
                      return response.statusCode();
                    }));
      }
      while (server.metric("te_request_count{method=\"batch\"}") < before + 3) {
        Thread.onSpinWait();
      }
      var closing = CompletableFuture.runAsync(server.server::close);
      for (var each : running) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(200);
      }
      closing.get(60, TimeUnit.SECONDS);
    } finally {
      server.close();
    }
  }

  @Test
  void nothingIsComputedForWhoHasLeft() throws IOException {
    try (var server = TestServer.open(settings(), ONE)) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        // so many that they cannot be done before the server sees that nobody waits for them
        var many = LARGE.replace("\"Rome\"", "\"Rome\"" + ",\"Rome\"".repeat(100_000));
        socket
            .getOutputStream()
            .write(
                ("POST /embed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + many.length()
                        + "\r\n\r\n"
                        + many)
                    .getBytes(UTF_8));
        awaitRunning(server);
      }
      while (server.metric("te_request_failure{err=\"dropped\"}") == 0) {
        assertThat(server.metric("te_request_success{method=\"batch\"}")).isZero();
        Thread.onSpinWait();
      }
      assertThat(server.answer("/embed", "{\"inputs\":\"Rome\"}").size()).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsGivenUp() {
    var limits = new ServeLimits(64, 1_000_000, 10_000, 64, Duration.ofMillis(1), true);
    var settings =
        TestServer.settings(
            new Limits(1_000_000, 50_000_000, 64, Duration.ofSeconds(30)),
            limits,
            List.of(),
            List.of());
    try (var server = TestServer.open(settings, ONE)) {
      var response = server.post("/embed", LARGE);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }
  }

  /** SIGTERM: the process answers what runs, and ends with 0. */
  @Test
  void aSignalEndsTheProcessWith0() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.lanewise.cli.Main",
                "serve",
                "--model",
                "one=" + TestServer.MODELS.get("embedding"),
                "--port",
                "0",
                "--threads",
                "1",
                "--access-log",
                "--no-warm-up",
                "--max-queue-tokens",
                "1000000")
            .start();
    try (var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        var client = HttpClient.newHttpClient()) {
      var address = awaited(errors, "listening on ").replaceFirst(".*listening on ", "");
      awaited(errors, "ready");
      var request =
          HttpRequest.newBuilder(URI.create(address + "/embed"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(LARGE))
              .build();
      var answer = client.sendAsync(request, BodyHandlers.ofByteArray());
      var metrics = HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
      while (!client
          .send(metrics, BodyHandlers.ofString())
          .body()
          .contains("te_request_count{method=\"batch\"} 1")) {
        Thread.onSpinWait();
      }
      process.toHandle().destroy(); // leaves its output to be read
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(lines.lines().filter(line -> line.contains("\"route\":\"/embed\""))).hasSize(1);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String awaited(BufferedReader lines, String wanted) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(wanted)) {
        return line;
      }
    }
    throw new AssertionError("the process ended without: " + wanted);
  }
}
