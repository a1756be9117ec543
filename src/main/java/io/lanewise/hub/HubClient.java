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
 * Asks the Hub, again where an answer may come later, and follows it to other servers.
 *
 * <p>The token goes to the server that {@code HF_ENDPOINT} names and to no other, and nothing goes
 * from https to http.
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
   * @throws CheckpointException if the endpoint is no address, or the token none that can be sent
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
      // said below
    }
    throw new CheckpointException(
        "HF_ENDPOINT is \""
            + HubFailure.shown(text)
            + "\": give an address such as https://huggingface.co");
  }

  /** What is asked for, as errors name it. */
  What what(String name, String revision, String file) {
    return new What(environment.endpoint(), name, revision, file);
  }

  /** The waits of this client. */
  Pauses pauses() {
    return pauses;
  }

  /** How long a body may stand still. */
  Duration bodyPatience() {
    return environment.bodyPatience();
  }

  /** The address below the endpoint that these parts make, each escaped, slashes kept. */
  URI at(String... parts) {
    var text = new StringBuilder(environment.endpoint());
    for (var part : parts) {
      text.append(part);
    }
    return URI.create(text.toString());
  }

  /** A text as a part of an address, as Python's {@code urllib.parse.quote} writes it. */
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
   * The head of an answer. A redirect on the same server is followed, one to another is the answer.
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
   * An answer with its body, which the caller closes; redirects are followed.
   *
   * @throws CheckpointException if there is none, after all attempts
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
   * One attempt to get the bytes from a place on: an answer of status 200 from the beginning, or
   * 206 from the place, or 416.
   *
   * @throws Passing if another attempt may do better
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

  /** A failure that may pass. */
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

  /** Whether a failed connection is not worth another attempt. */
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
      // said below
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

  /** Whether the token goes there. */
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
      // nothing of it is wanted
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
