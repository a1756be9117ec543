package io.lanewise.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** The body of a response, with a timeout for reading: the JDK's client has none. */
final class WatchedBody implements AutoCloseable {
  private final InputStream body;
  private final Duration patience;
  private final Thread watch;
  private volatile long moved = System.nanoTime();
  private volatile boolean stalled;

  WatchedBody(InputStream body, Duration patience) {
    this.body = body;
    this.patience = patience;
    watch = Thread.ofVirtual().name("lanewise-fetch").start(this::watch);
  }

  private void watch() {
    long limit = patience.toNanos();
    try {
      for (long left = limit; left > 0; left = limit - (System.nanoTime() - moved)) {
        Thread.sleep(Duration.ofNanos(left));
      }
      stalled = true;
      body.close();
    } catch (InterruptedException | IOException e) {
      // closed by the reading thread
    }
  }

  /** Reads available bytes, like {@link InputStream#read(byte[])}. */
  int read(byte[] buffer) throws IOException {
    try {
      int read = body.read(buffer);
      moved = System.nanoTime();
      if (read < 0 && stalled) {
        throw stall(null);
      }
      return read;
    } catch (IOException e) {
      throw stalled ? stall(e) : e;
    }
  }

  private IOException stall(IOException e) {
    var exception = new HttpTimeoutException("nothing came for " + patience.toSeconds() + " s");
    if (e != null) {
      exception.initCause(e);
    }
    return exception;
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    body.close();
  }
}
