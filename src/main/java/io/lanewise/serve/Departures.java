package io.lanewise.serve;

import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Notices clients that close their connection while they wait, so that nothing is computed for
 * them. The JDK's server does not look at a connection while a request is answered, so the system
 * is asked, which is possible on Linux only; elsewhere it shows when the answer is sent.
 */
final class Departures implements AutoCloseable {
  private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MOST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /**
   * A pause is so many times as long as the look before it. Linux goes through the table of all
   * connections that there could be, which is 10 ms of a processor on a large machine.
   */
  private static final int PAUSES = 50;

  /** A request that is answered within this time is not looked at. */
  private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Gate gate;
  private final int port;
  private final Thread thread;

  Departures(Gate gate, int port) {
    this.gate = gate;
    this.port = port;
    this.thread = Thread.ofVirtual().name("lanewise-departures").unstarted(this::run);
    thread.start();
  }

  private void run() {
    long pause = LEAST_PAUSE;
    try {
      while (true) {
        Thread.sleep(Duration.ofNanos(pause));
        long begin = System.nanoTime();
        look();
        pause = Math.clamp(PAUSES * (System.nanoTime() - begin), LEAST_PAUSE, MOST_PAUSE);
      }
    } catch (InterruptedException | IOException _) {
      // The server is stopped, or the system does not tell.
    }
  }

  private void look() throws IOException {
    long now = System.nanoTime();
    List<Call> calls = new ArrayList<>();
    gate.each(
        call -> {
          if (now - call.started() > YOUNG_NANOS) {
            calls.add(call);
          }
        });
    if (calls.isEmpty()) {
      return;
    }
    var connected = ConnectionTable.read().clients(port);
    for (var call : calls) {
      if (!connected.contains(call.client())) {
        call.gone();
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
