package io.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.json.Json;
import io.lanewise.serve.http.Limits;
import io.lanewise.serve.model.ServeLimits;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may ask, and what is told of those who do. */
class AccessTest {
  private static final Map<String, Path> ONE = Map.of("one", TestServer.MODELS.get("embedding"));
  private static final String BODY = "{\"inputs\":\"a secret text\"}";

  private static TestServer open(List<String> keys, List<String> origins) {
    return TestServer.open(
        TestServer.settings(TestServer.LIMITS, TestServer.MODEL_LIMITS, keys, origins), ONE);
  }

  @Test
  void withoutTheKeyThereIsNoAnswer() {
    try (var server = open(List.of("right", "other"), List.of())) {
      for (var header :
          List.of("", "Bearer", "Bearer wrong", "Bearer righ", "right", "Basic right")) {
        var response =
            header.isEmpty()
                ? server.post("/embed", BODY)
                : server.post("/embed", BODY, "Authorization", header);
        assertThat(response.statusCode()).as(header).isEqualTo(401);
        assertThat(response.body()).isEmpty();
      }
      for (var key : List.of("right", "other")) {
        assertThat(server.post("/embed", BODY, "Authorization", "Bearer " + key).statusCode())
            .isEqualTo(200);
      }
      assertThat(server.get("/info").statusCode()).isEqualTo(401);
      assertThat(server.get("/v1/models").statusCode()).isEqualTo(401);
      for (var path : List.of("/health", "/ping", "/", "/metrics", "/live")) {
        assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
      }
    }
  }

  @Test
  void pagesOfOthersMayNotAskUnlessTheyAreNamed() {
    try (var server = open(List.of(), List.of())) {
      var response = server.post("/embed", BODY, "Origin", "https://evil.example");
      assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
    }
    try (var server = open(List.of(), List.of("https://good.example"))) {
      var good = server.post("/embed", BODY, "Origin", "https://good.example");
      assertThat(good.headers().firstValue("Access-Control-Allow-Origin"))
          .hasValue("https://good.example");
      var evil = server.post("/embed", BODY, "Origin", "https://evil.example");
      assertThat(evil.headers().map()).doesNotContainKey("access-control-allow-origin");
      var asked =
          server.send(
              server
                  .request("/embed", "Origin", "https://good.example")
                  .method("OPTIONS", BodyPublishers.noBody())
                  .build());
      assertThat(asked.statusCode()).isEqualTo(204);
      assertThat(asked.headers().firstValue("Access-Control-Allow-Methods")).hasValue("POST");
    }
  }

  @Test
  void theLogHoldsNothingOfARequest() {
    var server = open(List.of("k"), List.of());
    try (server) {
      server.post("/embed?secret", BODY, "Authorization", "Bearer k");
      server.get("/secret/path");
      server.post("/embed", "{\"secret\"", "Authorization", "Bearer k");
    }
    assertThat(server.lines).hasSize(3);
    assertThat(server.lines.toString() + server.problems).doesNotContain("secret");
    var line = Json.parse(server.lines.getFirst().getBytes(UTF_8), "line");
    assertThat(line.get("route").asText()).isEqualTo("/embed");
    assertThat(line.get("status").asInt()).isEqualTo(200);
    assertThat(line.get("model").asText()).isEqualTo("one");
    assertThat(line.get("request_bytes").asInt()).isEqualTo(BODY.length());
  }

  @Test
  void anUnknownModelNameCountsWhereThereIsOneModel() {
    try (var server = open(List.of(), List.of())) {
      var body = "{\"input\":\"Rome\",\"model\":\"text-embedding-3-small\"}";
      assertThat(server.answer("/v1/embeddings", body).get("model").asText()).isEqualTo("one");
    }
  }

  @Test
  void whatIsFullSaysWhenToComeAgain() {
    var none = new Limits(100_000, 1_000_000, 0, Duration.ofSeconds(30));
    var settings = TestServer.settings(none, TestServer.MODEL_LIMITS, List.of(), List.of());
    try (var server = TestServer.open(settings, ONE)) {
      var response = server.post("/embed", BODY);
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(TestServer.json(response).get("error_type").asText()).isEqualTo("Overloaded");
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      assertThat(server.metric("te_request_failure{err=\"overloaded\"}")).isEqualTo(1);
    }
    var tight = new Limits(100_000, 10, 32, Duration.ofSeconds(30));
    try (var server =
        TestServer.open(
            TestServer.settings(tight, TestServer.MODEL_LIMITS, List.of(), List.of()), ONE)) {
      assertThat(server.post("/embed", BODY).statusCode()).isEqualTo(429);
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void requestsAreCounted() {
    var limits = new ServeLimits(256, 65_536, 2, 32, Duration.ofSeconds(60), true);
    var settings = TestServer.settings(TestServer.LIMITS, limits, List.of(), List.of());
    try (var server = TestServer.open(settings, ONE)) {
      server.post("/embed", BODY);
      server.post("/embed", "{\"inputs\":[\"a\",\"b\"]}");
      server.post("/embed", "{\"inputs\":[\"a\",\"b\",\"c\"]}");
      server.post("/embed", "{");
      server.post("/rerank", "{\"query\":\"a\",\"texts\":[\"b\"]}");
      assertThat(server.metric("te_request_count{method=\"single\"}")).isEqualTo(1);
      assertThat(server.metric("te_request_count{method=\"batch\"}")).isEqualTo(1);
      assertThat(server.metric("te_request_success{method=\"batch\"}")).isEqualTo(1);
      assertThat(server.metric("te_embed_count")).isEqualTo(2);
      assertThat(server.metric("te_request_failure{err=\"batch_size\"}")).isEqualTo(1);
      assertThat(server.metric("te_request_failure{err=\"validation\"}")).isEqualTo(1);
      assertThat(server.metric("te_request_failure{err=\"model_type\"}")).isEqualTo(1);
      assertThat(server.metric("te_request_duration_count")).isEqualTo(2);
      assertThat(server.metric("te_batch_next_size_sum")).isEqualTo(3);
      assertThat(server.metric("te_queue_size")).isZero();
      var text = new String(server.get("/metrics").body(), UTF_8);
      assertThat(text.lines().filter(line -> line.startsWith("te_request_duration_bucket")))
          .hasSize(36);
      assertThat(text).contains("te_request_duration_bucket{le=\"1.5E-5\"}");
    }
  }

  @Test
  void whoIsConnectedIsReadFromTheSystemsList() throws Exception {
    var table =
        new ConnectionTable(
            List.of(
                "  sl  local_address rem_address   st tx_queue rx_queue",
                "   0: 0100007F:1F90 0200000A:C350 01 00000000:00000000 00:0 0 1000",
                "   1: 0100007F:1F90 0300000A:C351 08 00000000:00000000 00:0 0 1000",
                "   2: 0100007F:1F91 0400000A:C352 01 00000000:00000000 00:0 0 1000",
                "   3: 0000000000000000FFFF00000100007F:1F90"
                    + " 0000000000000000FFFF00000500000A:C353 01 0:0 00:0 0 1000"));
    assertThat(table.clients(8080))
        .containsExactlyInAnyOrder(
            new InetSocketAddress("10.0.0.2", 50_000), new InetSocketAddress("10.0.0.5", 50_003));
  }
}
