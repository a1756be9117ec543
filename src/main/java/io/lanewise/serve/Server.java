package io.lanewise.serve;

import io.lanewise.LanewiseException;
import io.lanewise.serve.http.ApiKeys;
import io.lanewise.serve.http.Cors;
import io.lanewise.serve.http.Gate;
import io.lanewise.serve.http.Readiness;
import io.lanewise.serve.http.RouteTable;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.serve.model.ModelSource;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.serve.route.Routes;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A running server: loaded models behind an open port.
 *
 * <p>It listens as soon as the models are loaded, and says that it is ready when they are warm.
 * Closing lets no request in any more, answers those that run, and frees the models.
 */
public final class Server implements AutoCloseable {
  private static final int TICK_MILLIS = 10;

  private final ServerSettings settings;
  private final ServedModels models;
  private final Gate gate;
  private final JdkServer http;
  private final Departures departures;
  private final CompletableFuture<Void> warm = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Server(
      ServerSettings settings,
      ServedModels models,
      Gate gate,
      JdkServer http,
      Departures departures) {
    this.settings = settings;
    this.models = models;
    this.gate = gate;
    this.http = http;
    this.departures = departures;
  }

  /**
   * Loads models and listens.
   *
   * @param lines where the lines of the access log go
   * @param problems where faults of the server itself go
   * @throws LanewiseException if a model cannot be loaded, or the address not be listened at
   */
  public static Server open(
      ServerSettings settings,
      List<ModelSource> sources,
      Consumer<String> lines,
      Consumer<String> problems) {
    var metrics = new Metrics();
    var models = ServedModels.load(sources, settings.models(), metrics);
    try {
      var gates = new AtomicReference<Gate>();
      var routes = Routes.of(models, metrics, settings.version(), () -> gates.get().readiness());
      var log =
          new AccessLog(
              metrics, settings.logsAccess() ? Optional.of(lines) : Optional.empty(), problems);
      var gate =
          new Gate(
              new RouteTable(routes),
              new ApiKeys(settings.keys()),
              new Cors(settings.origins()),
              settings.limits(),
              log);
      gates.set(gate);
      var http = JdkServer.open(settings, gate);
      var departures = new Departures(gate, http.address().getPort());
      var server = new Server(settings, models, gate, http, departures);
      Thread.ofPlatform().daemon().name("lanewise-warm-up").start(server::warmUp);
      return server;
    } catch (RuntimeException e) {
      models.close();
      throw e;
    }
  }

  private void warmUp() {
    try {
      if (settings.warmsUp()) {
        models.warmUp();
      }
      gate.become(Readiness.READY);
      warm.complete(null);
    } catch (RuntimeException | OutOfMemoryError e) {
      warm.completeExceptionally(e); // it stays unready
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.address();
  }

  /**
   * Waits until requests are answered.
   *
   * @throws LanewiseException if a model cannot be warmed up
   */
  public Server awaitReady() throws InterruptedException {
    try {
      warm.get();
      return this;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException told
          ? told
          : new IllegalStateException(e.getCause());
    }
  }

  /** Waits until it has been closed. */
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /**
   * Refuses what comes, answers what runs, and frees everything. What takes longer than the
   * server's patience is given up.
   */
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    gate.become(Readiness.DRAINING);
    long end = System.nanoTime() + settings.patience().toNanos();
    boolean interrupted = false;
    while (gate.isBusy() && System.nanoTime() < end) {
      try {
        Thread.sleep(TICK_MILLIS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    http.stop(1);
    departures.close();
    models.close();
    closed.countDown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
