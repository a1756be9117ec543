package io.lanewise.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A test server with the Hub's interface, and another one for large files, to which it redirects
 * like the Hub. Faults are injected by path, and requests are recorded.
 */
public final class StandInHub implements AutoCloseable {
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  public static final String TOKEN = "hf_abc";

  /** Answers a request instead of the server; false to let the server answer. */
  @FunctionalInterface
  public interface Fault {
    boolean answers(HttpExchange exchange) throws IOException;
  }

  /** A received request. */
  public record Request(
      String server, String method, String path, String authorization, String range) {}

  public final List<Request> requests = new CopyOnWriteArrayList<>();
  public final Map<String, byte[]> files = new TreeMap<>();
  public final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final String name;
  private final HttpServer hub;
  private final HttpServer storage;

  /** Serves one model of this name at {@code main}. */
  public StandInHub(String name) throws IOException {
    this.name = name;
    hub = server("hub", this::hub);
    storage = server("storage", this::storage);
  }

  private HttpServer server(String called, Fault answer) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var headers = exchange.getRequestHeaders();
            var path = exchange.getRequestURI().getRawPath();
            requests.add(
                new Request(
                    called,
                    exchange.getRequestMethod(),
                    path,
                    headers.getFirst("Authorization"),
                    headers.getFirst("Range")));
            var fault = faults.get(called + " " + exchange.getRequestMethod() + " " + path);
            if (fault == null || !fault.answers(exchange)) {
              answer.answers(exchange);
            }
          }
        });
    server.start();
    return server;
  }

  public String endpoint() {
    return "http://localhost:" + hub.getAddress().getPort();
  }

  public String storage() {
    return "http://127.0.0.1:" + storage.getAddress().getPort();
  }

  public static String api(String name) {
    return "/api/models/" + name + "/revision/main";
  }

  public String resolve(String file) {
    return "/" + name + "/resolve/" + COMMIT + "/" + file;
  }

  public StandInHub with(String file, String text) {
    files.put(file, text.getBytes(UTF_8));
    return this;
  }

  /** Serves the files of a folder. */
  public StandInHub with(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return this;
  }

  /** Whether a file lies in LFS. */
  private static boolean isLarge(String file) {
    return file.matches(".*\\.(safetensors|bin|h5|msgpack|onnx|model)");
  }

  public static String digest(String file, byte[] bytes) {
    try {
      if (isLarge(file)) {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      }
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + bytes.length + "\0").getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean hub(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getRawPath();
    var api = "/api/models/" + name + "/revision/";
    if (path.startsWith("/api/models/") && !path.startsWith(api)) {
      return fails(exchange, 401, "RepoNotFound", "Repository not found");
    }
    var revision = path.replaceFirst("^.*/(revision|resolve)/([^/]*).*$", "$2");
    if (!List.of("main", COMMIT, "refs%2Fpr%2F11").contains(revision)) {
      return fails(exchange, 404, "RevisionNotFound", "Invalid rev id");
    }
    if (path.startsWith(api)) {
      var siblings =
          files.keySet().stream()
              .map(file -> "{\"rfilename\":\"" + file + "\"}")
              .collect(Collectors.joining(","));
      var json =
          "{\"id\":\"" + name + "\",\"sha\":\"" + COMMIT + "\",\"siblings\":[" + siblings + "]}";
      return sends(exchange, json.getBytes(UTF_8));
    }
    var file = path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1);
    var bytes = files.get(file);
    if (bytes == null) {
      return fails(exchange, 404, "EntryNotFound", "Entry not found");
    }
    var headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    if (!isLarge(file)) {
      headers.set("ETag", "\"" + digest(file, bytes) + "\"");
      return sends(exchange, bytes);
    }
    headers.set("X-Linked-Etag", "\"" + digest(file, bytes) + "\"");
    headers.set("X-Linked-Size", String.valueOf(bytes.length));
    headers.set("ETag", "\"of the redirect\"");
    headers.set("Location", storage() + "/" + file);
    exchange.sendResponseHeaders(302, -1);
    return true;
  }

  private boolean storage(HttpExchange exchange) throws IOException {
    return sends(exchange, files.get(exchange.getRequestURI().getPath().substring(1)));
  }

  /** Sends bytes, from the start of the requested range on. */
  public static boolean sends(HttpExchange exchange, byte[] bytes) throws IOException {
    var range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return true;
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
    }
    var body = Arrays.copyOfRange(bytes, from, bytes.length);
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
    return true;
  }

  /** Sends some of the announced bytes, then closes the connection. */
  public static boolean cuts(HttpExchange exchange, byte[] bytes, int after) throws IOException {
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes, 0, after);
    exchange.getResponseBody().flush();
    return true; // and closes
  }

  /** Answers with an error like the Hub's. */
  public static boolean fails(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    if (!code.isEmpty()) {
      exchange.getResponseHeaders().set("X-Error-Code", code);
    }
    exchange.getResponseHeaders().set("X-Error-Message", message);
    exchange.sendResponseHeaders(status, -1);
    return true;
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
  }

  /** The requests for a path. */
  public List<Request> of(String server, String method, String path) {
    return requests.stream()
        .filter(
            r -> r.server().equals(server) && r.method().equals(method) && r.path().equals(path))
        .toList();
  }
}
