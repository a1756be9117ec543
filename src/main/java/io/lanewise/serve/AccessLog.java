package io.lanewise.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.CallListener;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Counts requests, and writes a line of JSON for each if that is wanted. Nothing that a client has
 * sent stands in it but its method: the path is that of the route.
 *
 * @param lines where they go; does nothing if none are wanted
 * @param problems where faults of the server itself go
 */
record AccessLog(Metrics metrics, Optional<Consumer<String>> lines, Consumer<String> problems)
    implements CallListener {
  private static final double NANOS_OF_A_MILLI = 1e6;

  @Override
  public void answered(Call call, Optional<Route> route, int status, long bytes) {
    lines.ifPresent(log -> log.accept(line(call, route, status, bytes)));
  }

  private static String line(Call call, Optional<Route> route, int status, long bytes) {
    var line = JsonNodeFactory.instance.objectNode();
    line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("method", route.map(Route::method).orElse("?"));
    line.put("route", route.map(Route::path).orElse("?"));
    line.put("status", status);
    if (!call.model().isEmpty()) {
      line.put("model", call.model());
    }
    line.put("request_bytes", call.bodyBytes());
    line.put("answer_bytes", bytes);
    line.put(
        "ms", Math.round((System.nanoTime() - call.started()) / NANOS_OF_A_MILLI * 1000) / 1000.0);
    return line.toString();
  }

  @Override
  public void failed(String reason) {
    metrics.failed(reason);
  }

  @Override
  public void broken(Route route, Throwable failure) {
    var at = failure.getStackTrace();
    problems.accept(
        "internal error in %s: %s%s"
            .formatted(
                route.path(), failure.getClass().getName(), at.length == 0 ? "" : " at " + at[0]));
  }
}
