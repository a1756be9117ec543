package io.lanewise.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back to a client.
 *
 * @param status of HTTP
 * @param type of the body; empty for none
 * @param headers beside the usual ones
 * @param body written at once or piece by piece
 */
public record Answer(int status, String type, Map<String, String> headers, Body body) {
  /** The type of JSON. */
  public static final String JSON = "application/json";

  /** A body of known length, or one that is written while it comes into being. */
  public sealed interface Body {
    /** Bytes that are there. */
    record Whole(byte[] bytes) implements Body {}

    /** Bytes that are still to come. */
    non-sealed interface Streamed extends Body {
      /**
       * Writes all of it; a client that goes away ends it with the exception of the stream.
       *
       * @throws IOException if the client does not read it
       */
      void write(OutputStream out) throws IOException;
    }
  }

  /** JSON, with 200. */
  public static Answer json(JsonNode tree) {
    return json(200, tree);
  }

  /** JSON, with another status. */
  public static Answer json(int status, JsonNode tree) {
    try {
      return of(status, JSON, Json.mapper().writeValueAsBytes(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** JSON that has been written, with 200. */
  public static Answer json(byte[] bytes) {
    return of(200, JSON, bytes);
  }

  /** A text, with 200. */
  public static Answer text(String type, String text) {
    return of(200, type + "; charset=utf-8", text.getBytes(UTF_8));
  }

  /** A body of this type. */
  public static Answer of(int status, String type, byte[] bytes) {
    return new Answer(status, type, Map.of(), new Body.Whole(bytes));
  }

  /** A status alone. */
  public static Answer empty(int status) {
    return of(status, "", new byte[0]);
  }

  /** Events of a server, with 200. */
  public static Answer events(Body.Streamed body) {
    return new Answer(200, "text/event-stream; charset=utf-8", Map.of(), body)
        .with("Cache-Control", "no-store");
  }

  /** The same with a header more. */
  public Answer with(String name, String value) {
    return with(Map.of(name, value));
  }

  /** The same with more headers. */
  public Answer with(Map<String, String> more) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Answer(status, type, all, body);
  }
}
