package io.lanewise.serve.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.lanewise.serve.batch.ClientGoneException;
import io.lanewise.serve.http.Answer.Body;
import io.lanewise.serve.http.Route.Access;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Looks at every request before its route does, and sends every answer. Thread-safe. */
public final class Gate implements HttpHandler {
  private final RouteTable routes;
  private final ApiKeys keys;
  private final Cors cors;
  private final Limits limits;
  private final CallListener listener;
  private final BodyRoom room;
  private final Semaphore permits;
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Readiness> readiness = new AtomicReference<>(Readiness.STARTING);

  /** The gate before these routes. */
  public Gate(RouteTable routes, ApiKeys keys, Cors cors, Limits limits, CallListener listener) {
    this.routes = routes;
    this.keys = keys;
    this.cors = cors;
    this.limits = limits;
    this.listener = listener;
    this.room = new BodyRoom(limits.bodiesBytes());
    this.permits = new Semaphore(limits.requests());
  }

  /** How far the server is. */
  public Readiness readiness() {
    return readiness.get();
  }

  /** From now on it is so far; from {@link Readiness#DRAINING} there is no way back. */
  public void become(Readiness next) {
    readiness.updateAndGet(now -> now == Readiness.DRAINING ? now : next);
  }

  /** Whether a request is being answered that was let in. */
  public boolean isBusy() {
    return permits.availablePermits() < limits.requests();
  }

  /** Looks at all requests that are being answered. */
  public void each(Consumer<Call> look) {
    running.forEach(look);
  }

  @Override
  public void handle(HttpExchange exchange) {
    var call = new Call(exchange, limits, room);
    running.add(call);
    try {
      answer(call);
    } catch (IOException _) {
      exchange.close(); // its client does not read
    } finally {
      call.close();
      running.remove(call);
    }
  }

  private void answer(Call call) throws IOException {
    var route = routes.find(call.method(), call.path());
    Answer answer;
    try {
      answer = look(call, route);
    } catch (ClientGoneException _) {
      listener.failed("dropped");
      call.exchange().close();
      return;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      var refusal = Errors.refusal(e);
      if (refusal.status() == 500 && route.isPresent()) {
        listener.broken(route.get(), e);
      }
      if (route.filter(each -> each.access() == Access.MODEL).isPresent()) {
        listener.failed(refusal.countedAs());
      }
      answer = route.map(Route::errors).orElse(Errors.TEI).answer(refusal);
    }
    long bytes = send(call, answer.with(cors.headers(call)));
    listener.answered(call, route, answer.status(), bytes);
  }

  private Answer look(Call call, Optional<Route> route) {
    checkShape(call);
    if (call.method().equals("OPTIONS") && call.header("Origin").isPresent()) {
      return cors.preflight(call, routes.methods(call.path()));
    }
    if (route.isEmpty()) {
      throw missing(call);
    }
    return switch (route.get().access()) {
      case PROBE -> route.get().handler().answer(call);
      case PUBLIC -> withPermit(call, route.get());
      case KEYED, MODEL ->
          keys.admit(call)
              ? received(call, route.get())
              : Answer.empty(401).with("WWW-Authenticate", "Bearer");
    };
  }

  private Refusal missing(Call call) {
    var methods = routes.methods(call.path());
    return methods.isEmpty()
        ? new Refusal(404, ErrorType.VALIDATION, "there is no such route")
        : new Refusal(405, ErrorType.VALIDATION, "this route has " + methods)
            .with("Allow", methods);
  }

  /** A body that comes slowly takes no place among those who are answered. */
  private Answer received(Call call, Route route) {
    if (route.method().equals("POST")) {
      call.receive();
    }
    return withPermit(call, route);
  }

  private Answer withPermit(Call call, Route route) {
    if (!permits.tryAcquire()) {
      throw new Refusal(ErrorType.OVERLOADED, "Model is overloaded").counted("overloaded");
    }
    call.whenClosed(permits::release);
    // Behind the permit: who stops the server looks at those after it has said so.
    if (readiness() == Readiness.DRAINING) {
      throw new Refusal(ErrorType.UNHEALTHY, "the server is stopping").with("Retry-After", "1");
    }
    if (route.access() == Access.MODEL && readiness() == Readiness.STARTING) {
      throw new Refusal(ErrorType.UNHEALTHY, "the models are not ready yet")
          .with("Retry-After", "1");
    }
    return route.handler().answer(call);
  }

  /**
   * Refuses what two servers could read in two ways. The JDK's server refuses a length beside an
   * encoding, two lengths, and names of headers with other characters than HTTP allows.
   */
  private static void checkShape(Call call) {
    var headers = call.exchange().getRequestHeaders();
    var lengths = headers.getOrDefault("Content-Length", List.of());
    boolean digits = lengths.stream().allMatch(each -> each.matches("[0-9]{1,18}"));
    boolean oneHost = headers.getOrDefault("Host", List.of()).size() <= 1;
    boolean version = call.exchange().getProtocol().matches("HTTP/1\\.[01]");
    boolean values =
        headers.values().stream()
            .flatMap(List::stream)
            .allMatch(value -> value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f)));
    if (!digits || !oneHost || !version || !values) {
      throw new Refusal(400, ErrorType.VALIDATION, "the headers are not those of HTTP/1.1")
          .with("Connection", "close");
    }
  }

  private long send(Call call, Answer answer) throws IOException {
    var exchange = call.exchange();
    var headers = exchange.getResponseHeaders();
    answer.headers().forEach(headers::set);
    if (!answer.type().isEmpty()) {
      headers.set("Content-Type", answer.type());
    }
    headers.set("X-Content-Type-Options", "nosniff");
    if (readiness() == Readiness.DRAINING) {
      headers.set("Connection", "close");
    }
    long sent =
        switch (answer.body()) {
          case Body.Whole whole -> send(exchange, answer.status(), whole.bytes());
          case Body.Streamed streamed -> send(exchange, answer.status(), streamed);
        };
    exchange.close();
    return sent;
  }

  private static long send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      exchange.getResponseBody().write(bytes);
      exchange.getResponseBody().flush(); // before what is left of a body is read
    }
    return none ? 0 : bytes.length;
  }

  private static long send(HttpExchange exchange, int status, Body.Streamed body)
      throws IOException {
    exchange.sendResponseHeaders(status, 0);
    body.write(exchange.getResponseBody());
    return 0;
  }
}
