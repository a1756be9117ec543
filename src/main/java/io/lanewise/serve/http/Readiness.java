package io.lanewise.serve.http;

/** How far the server is. */
public enum Readiness {
  /** Models are still being warmed up. */
  STARTING,
  /** Requests are answered. */
  READY,
  /** Requests that run are answered, others are not. */
  DRAINING
}
