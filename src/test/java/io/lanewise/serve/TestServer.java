package io.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import io.lanewise.serve.http.Limits;
import io.lanewise.serve.model.ModelSource;
import io.lanewise.serve.model.ServeLimits;
import io.lanewise.task.TaskOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server with small models on a free port of this machine, and a client for it. */
final class TestServer implements AutoCloseable {
  static final Path TASKS = Path.of("src/test/resources/tasks");
  static final TaskOptions OPTIONS =
      TaskOptions.of(Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(1));

  /** A model for each task, each called as its task. */
  static final Map<String, Path> MODELS = models();

  static final ServeLimits MODEL_LIMITS =
      new ServeLimits(256, 65_536, 64, 32, Duration.ofSeconds(60), true);
  static final Limits LIMITS = new Limits(100_000, 10_000_000, 32, Duration.ofSeconds(30));

  final Server server;
  final List<String> lines = new CopyOnWriteArrayList<>();
  final List<String> problems = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(ServerSettings settings, List<ModelSource> sources) {
    this.server = Server.open(settings, sources, lines::add, problems::add);
  }

  private static Map<String, Path> models() {
    var models = new LinkedHashMap<String, Path>();
    models.put("embedding", TASKS.resolve("classes-bert-embed"));
    models.put("classifier", TASKS.resolve("classes-bert-labels"));
    models.put("reranker", TASKS.resolve("classes-bert-rerank"));
    models.put("token-classifier", TASKS.resolve("span-bert-tokens"));
    models.put("question-answering", TASKS.resolve("span-bert-answers"));
    models.put("fill-mask", TASKS.resolve("classes-bert-fill"));
    models.put("zero-shot", TASKS.resolve("classes-bert-zero-shot"));
    models.put("summarizer", TASKS.resolve("generation/bart"));
    return models;
  }

  /** Settings with nothing but limits. */
  static ServerSettings settings(
      Limits limits, ServeLimits models, List<String> keys, List<String> origins) {
    return new ServerSettings(
        "127.0.0.1", 0, limits, models, keys, origins, false, true, Duration.ofSeconds(20), "test");
  }

  /** All models. */
  static TestServer open() {
    return open(settings(LIMITS, MODEL_LIMITS, List.of(), List.of()), MODELS);
  }

  /** Some models. */
  static TestServer open(ServerSettings settings, Map<String, Path> models) {
    var sources = new ArrayList<ModelSource>();
    models.forEach(
        (name, folder) ->
            sources.add(
                new ModelSource(name, FolderSettings.of(folder), Optional.empty(), OPTIONS)));
    var opened = new TestServer(settings, sources);
    try {
      opened.server.awaitReady();
      return opened;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.address().getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  HttpResponse<byte[]> post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .setHeader("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  HttpRequest.Builder request(String path, String... headers) {
    var request = HttpRequest.newBuilder(uri(path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpClient client() {
    return client;
  }

  /** The answer to a request that is answered. */
  JsonNode answer(String path, String json) {
    var response = post(path, json);
    if (response.statusCode() != 200) {
      throw new AssertionError(
          path + " " + response.statusCode() + " " + new String(response.body(), UTF_8));
    }
    return Json.parse(response.body(), path);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return Json.parse(response.body(), "answer");
  }

  /** The value of a metric; 0 if it has not been counted. */
  double metric(String line) {
    return new String(get("/metrics").body(), UTF_8)
        .lines()
        .filter(each -> each.startsWith(line + " "))
        .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
