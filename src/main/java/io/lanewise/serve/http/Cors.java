package io.lanewise.serve.http;

import java.util.List;
import java.util.Map;

/**
 * Which pages of other servers may ask, by their browsers: none unless said.
 *
 * @param origins such as {@code https://example.org}; {@code *} for all
 */
public record Cors(List<String> origins) {
  /** The headers that let a page read the answer; none for other pages. */
  Map<String, String> headers(Call call) {
    var origin = call.header("Origin").orElse("");
    if (origin.isEmpty() || !(origins.contains("*") || origins.contains(origin))) {
      return Map.of();
    }
    return Map.of(
        "Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin, "Vary", "Origin");
  }

  /** The answer to a browser that asks whether it may ask. */
  Answer preflight(Call call, String methods) {
    var allowed = headers(call);
    if (allowed.isEmpty()) {
      return Answer.empty(403);
    }
    return Answer.empty(204)
        .with(allowed)
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", "authorization, content-type")
        .with("Access-Control-Max-Age", "600");
  }
}
