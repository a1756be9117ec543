package io.lanewise.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.serve.http.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is an error of the client's, and the server goes on. */
class HostileRequestsTest {
  private static TestServer server;

  @BeforeAll
  static void open() {
    server = TestServer.open();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @AfterEach
  void itGoesOn() {
    assertThat(server.answer("/embed", "{\"inputs\":\"Rome\"}").size()).isEqualTo(1);
    assertThat(server.problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"inputs\":\"a\"} x",
        "{\"inputs\":\"a\",\"inputs\":\"b\"}",
        "{'inputs':'a'}",
        "{\"inputs\":01}",
        "{\"inputs\":NaN}",
        "{\"inputs\":\"\\x\"}",
        "{\"inputs\":\"a\u0000\"}",
        "nul"
      })
  void whatIsNoJsonIs400(String body) {
    assertThat(server.post("/embed", body).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "[]",
        "null",
        "\"a\"",
        "{}",
        "{\"inputs\":null}",
        "{\"inputs\":5}",
        "{\"inputs\":{}}",
        "{\"inputs\":[null]}",
        "{\"inputs\":[[\"a\"]]}",
        "{\"inputs\":[1.5]}",
        "{\"inputs\":[-1]}",
        "{\"inputs\":[99999999999999999999]}",
        "{\"inputs\":[2147483647]}",
        "{\"inputs\":\"a\",\"normalize\":1}",
        "{\"inputs\":\"a\",\"truncate\":\"yes\"}",
        "{\"inputs\":\"a\",\"truncation_direction\":\"up\"}",
        "{\"inputs\":\"a\",\"dimensions\":0}",
        "{\"inputs\":\"a\",\"dimensions\":1e3}",
        "{\"inputs\":\"a\",\"dimensions\":17}",
        "{\"inputs\":\"a\",\"dimensions\":123456789012345678901234567890}",
        "{\"inputs\":\"a\",\"prompt_name\":\"none of these\"}",
        "{\"inputs\":\"a\",\"model\":5}"
      })
  void whatIsOfAnotherTypeIs422(String body) {
    assertThat(server.post("/embed", body).statusCode()).isEqualTo(422);
  }

  @Test
  void depthAndLengthOfNumbersAreBounded() {
    var deep = "{\"inputs\":" + "[".repeat(40_000) + "]".repeat(40_000) + "}";
    assertThat(server.post("/embed", deep).statusCode()).isEqualTo(400);
    var objects = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    assertThat(server.post("/embed", objects).statusCode()).isEqualTo(400);
    var number = "{\"inputs\":\"a\",\"dimensions\":" + "9".repeat(50_000) + "}";
    assertThat(server.post("/embed", number).statusCode()).isEqualTo(400);
    assertThat(server.post("/embed", "{\"inputs\":\"a\",\"dimensions\":1e999999}").statusCode())
        .isBetween(400, 422);
  }

  @Test
  void whatIsNotUtf8Is400() {
    for (var text : List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f8\u0088")) {
      var bytes = ("{\"inputs\":\"" + text + "\"}").getBytes(ISO_8859_1);
      var request =
          server
              .request("/embed")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(bytes))
              .build();
      assertThat(server.send(request).statusCode()).isEqualTo(400);
    }
    // Half a pair is JSON, and counts as the sign for what cannot be read.
    assertThat(server.post("/embed", "{\"inputs\":\"\\ud800\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void bodiesAreBounded() throws IOException {
    var large = "{\"inputs\":\"" + "a".repeat(TestServer.LIMITS.bodyBytes()) + "\"}";
    assertThat(server.post("/embed", large).statusCode()).isEqualTo(413);
    var chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
    assertThat(status(head("POST /embed", "Transfer-Encoding: chunked") + chunk)).isEqualTo(413);
  }

  @Test
  void tooManyInputsAreRefusedInTheWordsThatClientsKnow() {
    var many = "[" + "\"a\",".repeat(64) + "\"a\"]";
    var response = server.post("/embed", "{\"inputs\":" + many + "}");
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(TestServer.json(response).get("error").asText())
        .isEqualTo("batch size 65 > maximum allowed batch size 64");
    assertThat(TestServer.json(response).get("error_type").asText()).isEqualTo("Validation");
    var empty = server.post("/embed", "{\"inputs\":[]}");
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(TestServer.json(empty).get("error_type").asText()).isEqualTo("Empty");
    var longText = "rain ".repeat(100);
    var whole = server.post("/embed", "{\"inputs\":\"" + longText + "\",\"truncate\":false}");
    assertThat(whole.statusCode()).isEqualTo(422);
    assertThat(TestServer.json(whole).get("error").asText())
        .matches("`inputs` must have less than 11 tokens\\. Given: \\d+");
    assertThat(server.post("/embed", "{\"inputs\":\"" + longText + "\"}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void theBeginningIsCutWhereThatIsAsked() {
    var text = "Rome ".repeat(3) + "rain ".repeat(40);
    var end = server.answer("/embed", "{\"inputs\":\"" + text + "\"}");
    var body = "{\"inputs\":\"" + text + "\",\"truncation_direction\":\"Left\"}";
    var beginning = server.answer("/embed", body);
    assertThat(beginning).isNotEqualTo(end);
    assertThat(server.answer("/embed", "{\"inputs\":\"" + "rain ".repeat(40) + "\"}"))
        .isEqualTo(beginning);
  }

  @Test
  void errorsOfOpenAiHaveTheirOwnShape() {
    var error = TestServer.json(server.post("/v1/embeddings", "{\"input\":5}"));
    assertThat(error.get("code").asInt()).isEqualTo(422);
    assertThat(error.get("type").asText()).isEqualTo("Validation");
    assertThat(error.has("message")).isTrue();
    assertThat(server.post("/v1/embeddings", "{\"input\":\"a\",\"model\":\"none\"}").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "/predict,embedding", "/embed,reranker", "/rerank,embedding", "/fill-mask,embedding",
    "/ner,classifier", "/qa,classifier", "/zero-shot,classifier", "/summarize,embedding",
    "/embed_sparse,embedding"
  })
  void anotherTasksModelIs424(String path, String model) {
    var response = server.post(path, "{\"inputs\":\"a\",\"model\":\"" + model + "\"}");
    assertThat(response.statusCode()).isEqualTo(424);
    assertThat(TestServer.json(response).get("error_type").asText()).isEqualTo("Backend");
  }

  @Test
  void whatNobodyActsOnIsRefusedByName() {
    var body = "{\"inputs\":\"Rome [MASK]\",\"parameters\":{\"tok_k\":3}}";
    var response = server.post("/fill-mask", body);
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(new String(response.body(), UTF_8)).contains("parameters.tok_k");
    var wrong = "{\"inputs\":\"a\",\"parameters\":{\"num_beans\":3}}";
    assertThat(server.post("/summarize", wrong).statusCode()).isEqualTo(422);
    var beams = "{\"inputs\":\"a\",\"parameters\":{\"num_beams\":1000000}}";
    assertThat(server.post("/summarize", beams).statusCode()).isEqualTo(422);
  }

  @Test
  void pathsAndMethodsThatAreNotThere() {
    assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
    assertThat(server.get("/../etc/passwd").statusCode()).isEqualTo(404);
    assertThat(server.get("/page/%2e%2e/openapi.json").statusCode()).isEqualTo(404);
    var get = server.get("/embed");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    var plain =
        server.request("/embed").POST(BodyPublishers.ofString("{\"inputs\":\"a\"}")).build();
    assertThat(server.send(plain).statusCode()).isEqualTo(415);
  }

  /** Requests that two servers in a row could take apart in two ways. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3|Transfer-Encoding: chunked",
        "Content-Length: 3|Content-Length: 4",
        "Content-Length: 3|Content-Length: 3",
        "Content-Length: 3, 4",
        "Content-Length: +3",
        "Content-Length: -3",
        "Content-Length: 0x3",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
        "Content-Length : 3",
        "Content Length: 3",
        "Host: other|Content-Length: 3",
        "X\u0001: y|Content-Length: 3",
        "X: a\u0000b|Content-Length: 3"
      })
  void shapesOfSmugglingAreRefused(String headers) throws IOException {
    var request = head("POST /embed", headers.split("\\|")) + "{}\n";
    assertThat(status(request)).isIn(400, 501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nabc",
        "-1\r\nabc",
        "ffffffff\r\nabc",
        "7fffffff\r\na",
        "3\r\nabcd\r\n0\r\n\r\n",
        ""
      })
  void brokenChunksAre400(String chunks) throws IOException {
    assertThat(status(head("POST /embed", "Transfer-Encoding: chunked") + chunks)).isEqualTo(400);
  }

  @Test
  void aBodyThatEndsBeforeItsEndIs400() throws IOException {
    assertThat(status(head("POST /embed", "Content-Length: 50") + "{\"inputs\"")).isEqualTo(400);
  }

  @Test
  void otherProtocolsAreRefused() throws IOException {
    assertThat(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n")).isEqualTo(400);
    assertThat(status("nonsense\r\n\r\n")).isEqualTo(400);
    assertThat(status("\u0016\u0003\u0001\u0002")).isZero();
    assertThat(status("GET /health HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(60_000) + "\r\n\r\n"))
        .isIn(0, 400);
  }

  @Test
  void whoSendsABodyTooSlowlyIs408() {
    var limits = new Limits(100_000, 1_000_000, 32, Duration.ofNanos(1));
    var settings = TestServer.settings(limits, TestServer.MODEL_LIMITS, List.of(), List.of());
    try (var slow = TestServer.open(settings, Map.of("m", TestServer.MODELS.get("embedding")))) {
      assertThat(slow.post("/embed", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(408);
    }
  }

  @Test
  void connectionsThatSayNothingHurtNobody() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 500; i++) {
        var socket = connect();
        sockets.add(socket);
        if (i % 2 == 0) {
          socket.getOutputStream().write(head("POST /embed", "Content-Length: 9").getBytes(UTF_8));
        } else {
          socket.getOutputStream().write("POST /em".getBytes(UTF_8));
        }
      }
      // More of them than requests are let in at a time: they have to wait outside.
      assertThat(server.answer("/similarity", SIMILAR).size()).isEqualTo(1);
      assertThat(server.get("/health").statusCode()).isEqualTo(200);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static final String SIMILAR =
      "{\"inputs\":{\"source_sentence\":\"a\",\"sentences\":[\"b\"]}}";

  private static String head(String request, String... headers) {
    var host = List.of(headers).stream().anyMatch(each -> each.startsWith("Host:"));
    return request
        + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + (host ? "" : "Connection: close\r\n")
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  /** The status of the answer to bytes after which nothing more comes; 0 if there is none. */
  private static int status(String request) throws IOException {
    try (var socket = connect()) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      var answer = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      return answer.length() < 12 ? 0 : Integer.parseInt(answer.substring(9, 12));
    } catch (SocketException _) {
      return 0; // closed with bytes unread
    }
  }
}
