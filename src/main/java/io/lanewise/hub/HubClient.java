package io.lanewise.hub;

import io.lanewise.CheckpointException;
import io.lanewise.hub.HubFailure.What;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * The HTTP client for the Hub: repeats requests after temporary failures, and follows redirects to
 * other servers.
 *
 * <p>The token is sent only to the server of {@code HF_ENDPOINT}, and redirects from https to http
 * are not followed.
 */
public final class HubClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MOST_REDIRECTS = 10;
  private static final int MOST_CONNECTS = 3;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final String UNRESERVED = "-_.~";

  private final HubEnvironment environment;
  private final Pauses pauses;
  private final URI endpoint;
  private final String token;
  private final HttpClient client;

  /**
   * A client for the endpoint of an environment.
   *
   * @throws CheckpointException if the endpoint is not a valid address, or the token cannot be sent
   *     in a header
   */
  public HubClient(HubEnvironment environment, Pauses pauses) {
    this.environment = environment;
    this.pauses = pauses;
    endpoint = endpoint(environment.endpoint());
    token = environment.token().orElse(null);
    if (token != null && !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new CheckpointException(
          "the token of HF_TOKEN or of the cache holds characters that no token has: set it anew");
    }
    var proxies = new HubProxies(environment.variables(), ProxySelector.getDefault());
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(proxies);
    proxies.authenticator().ifPresent(builder::authenticator);
    client = builder.build();
  }

  private static URI endpoint(String text) {
    try {
      var uri = URI.create(text);
      if (isHttp(uri) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw new CheckpointException(
        "HF_ENDPOINT is \""
            + HubFailure.shown(text)
            + "\": give an address such as https://huggingface.co");
  }

  /** The requested file, for error messages. */
  What what(String name, String revision, String file) {
    return new What(environment.endpoint(), name, revision, file);
  }

  /** The pauses between attempts. */
  Pauses pauses() {
    return pauses;
  }

  /** The longest time without new data in a body. */
  Duration bodyPatience() {
    return environment.bodyPatience();
  }

  /** The address of these path parts below the endpoint; each is escaped, except for slashes. */
  URI at(String... parts) {
    var text = new StringBuilder(environment.endpoint());
    for (var part : parts) {
      text.append(part);
    }
    return URI.create(text.toString());
  }

  /** Escapes a text like Python's {@code urllib.parse.quote}. */
  static String quoted(String text, boolean keepSlashes) {
    var quoted = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean kept =
          (c < 128 && Character.isLetterOrDigit(c))
              || UNRESERVED.indexOf(c) >= 0
              || (keepSlashes && c == '/');
      quoted.append(kept ? String.valueOf((char) c) : String.format("%%%02X", c));
    }
    return quoted.toString();
  }

  /**
   * A HEAD request. Redirects on the same server are followed; one to another server is returned.
   */
  HttpResponse<InputStream> head(URI uri, What what) {
    var response = insisted(uri, what, "HEAD", null);
    close(response);
    if (response.statusCode() == 405 || response.statusCode() == 501) {
      response = insisted(uri, what, "GET", null);
      close(response);
    }
    if (response.statusCode() != OK && !isRedirect(response)) {
      throw HubFailure.of(response, what, isSigned(uri));
    }
    return response;
  }

  /**
   * A GET request that follows redirects; the caller closes the body.
   *
   * @throws CheckpointException if all attempts fail
   */
  HttpResponse<InputStream> get(URI uri, What what) {
    var response = insisted(uri, what, "GET", null);
    if (response.statusCode() != OK) {
      close(response);
      throw HubFailure.of(response, what, isSigned(uri));
    }
    return response;
  }

  /**
   * One attempt to get the bytes from an offset on: returns a response with status 200 (from the
   * beginning), 206 (from the offset) or 416.
   *
   * @throws Passing if another attempt may succeed
   * @throws IOException if the connection fails
   */
  HttpResponse<InputStream> get(URI uri, What what, long from) throws IOException {
    var response = followed(uri, what, "GET", from == 0 ? null : "bytes=" + from + "-");
    int status = response.statusCode();
    if (status == OK || (from > 0 && (status == PARTIAL || status == RANGE_NOT_SATISFIABLE))) {
      return response;
    }
    close(response);
    var failure = HubFailure.of(response, what, isSigned(uri));
    if (PASSING.contains(status)) {
      throw new Passing(failure, response.headers().firstValue("Retry-After"));
    }
    throw failure;
  }

  /** A temporary failure. */
  static final class Passing extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CheckpointException failure;
    private final transient Optional<String> retryAfter;

    Passing(CheckpointException failure, Optional<String> retryAfter) {
      super(failure.getMessage());
      this.failure = failure;
      this.retryAfter = retryAfter;
    }

    CheckpointException failure() {
      return failure;
    }

    Optional<String> retryAfter() {
      return retryAfter;
    }
  }

  private HttpResponse<InputStream> insisted(URI uri, What what, String method, String range) {
    for (int failed = 1; ; failed++) {
      try {
        var response = followed(uri, what, method, range);
        if (!PASSING.contains(response.statusCode()) || failed >= pauses.attempts()) {
          return response;
        }
        close(response);
        pauses.before(failed, response.headers().firstValue("Retry-After"));
      } catch (IOException e) {
        if (isFinal(e, failed)) {
          throw HubFailure.of(e, uri, what);
        }
        pauses.before(failed, Optional.empty());
      }
    }
  }

  /** Whether another attempt after a failed connection is useless. */
  boolean isFinal(IOException e, int failed) {
    boolean unconnected =
        e instanceof java.net.ConnectException || e instanceof HttpConnectTimeoutException;
    return failed >= pauses.attempts()
        || e instanceof SSLException
        || HubFailure.isUnresolved(e)
        || (unconnected && failed >= MOST_CONNECTS);
  }

  private HttpResponse<InputStream> followed(URI uri, What what, String method, String range)
      throws IOException {
    var at = uri;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      var response = send(at, method, range);
      if (!isRedirect(response)) {
        return response;
      }
      close(response);
      var next = next(at, response, what);
      if (method.equals("HEAD") && !isSameServer(at, next)) {
        return response;
      }
      at = next;
    }
    throw new CheckpointException(
        what + " cannot be fetched: " + what.endpoint() + " redirects more than 10 times");
  }

  private static URI next(URI at, HttpResponse<?> response, What what) {
    var location = response.headers().firstValue("Location").orElse("");
    try {
      var next = at.resolve(location);
      boolean safe = !isHttps(at) || isHttps(next);
      if (!location.isEmpty() && isHttp(next) && next.getHost() != null && safe) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw new CheckpointException(
        what
            + " cannot be fetched: "
            + at.getHost()
            + " redirects to \""
            + HubFailure.shown(location)
            + "\", which is not followed");
  }

  private HttpResponse<InputStream> send(URI uri, String method, String range) throws IOException {
    var request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", "lanewise/" + version() + "; java/" + Runtime.version().feature())
            .header("Accept-Encoding", "identity");
    if (range != null) {
      request.header("Range", range);
    }
    if (token != null && isSigned(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    var sent = client.sendAsync(request.build(), BodyHandlers.ofInputStream());
    try {
      return sent.get(environment.headPatience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new HttpTimeoutException(
          "no answer within " + environment.headPatience().toSeconds() + " s");
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw Pauses.interrupted(e);
    } catch (ExecutionException e) {
      throw cause(e);
    }
  }

  private static IOException cause(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException io -> io;
      case CheckpointException known -> throw known;
      case null, default -> new IOException(e.getCause());
    };
  }

  private static String version() {
    var version = HubClient.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Whether the token is sent to this address. */
  private boolean isSigned(URI uri) {
    return token != null && isSameServer(endpoint, uri);
  }

  private static boolean isSameServer(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  private static boolean isHttp(URI uri) {
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https");
  }

  private static boolean isHttps(URI uri) {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  private static boolean isRedirect(HttpResponse<?> response) {
    return REDIRECTS.contains(response.statusCode());
  }

  private static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      // the body is not needed
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
