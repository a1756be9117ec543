package io.lanewise.serve.http;

import java.util.Optional;

/** Told of requests. */
public interface CallListener {
  /**
   * A request has been answered.
   *
   * @param route that answered; empty if there is none of that path
   * @param status of HTTP
   * @param bytes of the answer's body
   */
  void answered(Call call, Optional<Route> route, int status, long bytes);

  /** A request for a model has no answer; the name of the reason. */
  void failed(String reason);

  /** Something went wrong that nobody should see: for the server's own log. */
  void broken(Route route, Throwable failure);
}
