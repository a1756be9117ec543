package io.lanewise.serve;

import com.sun.net.httpserver.HttpServer;
import io.lanewise.InputException;
import io.lanewise.serve.http.Gate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's server, with limits. Those are system properties that it reads when its first class is
 * loaded (sun.net.httpserver.ServerConfig of JDK 25); one that somebody has set stays.
 */
final class JdkServer {
  /** Connections that may wait until they are accepted. */
  private static final int BACKLOG = 1024;

  /** Heap for a connection that has sent the beginning of a request, with a margin. */
  private static final long CONNECTION_BYTES = 64 * 1024;

  private static final int FEWEST_CONNECTIONS = 256;
  private static final int MOST_CONNECTIONS = 16_384;
  private static final int MOST_HEADERS = 100;
  private static final int HEADER_BYTES = 32 * 1024;

  private final HttpServer server;
  private final ExecutorService threads;

  private JdkServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens.
   *
   * @throws InputException if the address cannot be listened at
   */
  static JdkServer open(ServerSettings settings, Gate gate) {
    pin(settings);
    try {
      var address = new InetSocketAddress(address(settings.host()), settings.port());
      var server = HttpServer.create(address, BACKLOG);
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      server.setExecutor(threads);
      server.createContext("/", gate);
      server.start();
      return new JdkServer(server, threads);
    } catch (IOException e) {
      throw new InputException(
          "cannot listen at %s, port %d: %s"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new InputException("there is no host " + host + ": give another with --host", e);
    }
  }

  private static void pin(ServerSettings settings) {
    var limits = settings.limits();
    pin("sun.net.httpserver.nodelay", "true");
    var connections =
        String.valueOf(
            Math.clamp(
                Runtime.getRuntime().maxMemory() / CONNECTION_BYTES,
                FEWEST_CONNECTIONS,
                MOST_CONNECTIONS));
    pin("sun.net.httpserver.maxIdleConnections", connections);
    pin("sun.net.httpserver.idleInterval", "75");
    pin("sun.net.httpserver.maxReqTime", seconds(limits.bodyTime().plusSeconds(5)));
    pin(
        "sun.net.httpserver.maxRspTime",
        seconds(settings.models().time().plus(Duration.ofMinutes(1))));
    pin("jdk.httpserver.maxConnections", connections);
    pin("sun.net.httpserver.maxReqHeaders", String.valueOf(MOST_HEADERS));
    pin("sun.net.httpserver.maxReqHeaderSize", String.valueOf(HEADER_BYTES));
    // What is left of a body that is refused is read, so that its client sees why.
    pin("sun.net.httpserver.drainAmount", String.valueOf(2L * limits.bodyBytes()));
  }

  private static void pin(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static String seconds(Duration time) {
    return String.valueOf(Math.max(1, time.toSeconds()));
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * Stops listening at once, and closes connections.
   *
   * @param seconds until those are closed on which something is still going on
   */
  void stop(int seconds) {
    server.stop(seconds);
    threads.close();
  }
}
