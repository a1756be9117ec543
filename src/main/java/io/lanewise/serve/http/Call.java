package io.lanewise.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.lanewise.CheckpointException;
import io.lanewise.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request. Its body is read once, within limits, before it is let in. */
public final class Call {
  private static final int BLOCK = 16 * 1024;

  private final HttpExchange exchange;
  private final Limits limits;
  private final BodyRoom room;
  private final long started = System.nanoTime();
  private byte[] received = {};
  private long taken;
  private String model = "";
  private @Nullable Runnable leaving;
  private volatile boolean gone;
  private Runnable closing = () -> {};

  /** A request whose body has not been read. */
  public Call(HttpExchange exchange, Limits limits, BodyRoom room) {
    this.exchange = exchange;
    this.limits = limits;
    this.room = room;
  }

  /** The method, such as {@code POST}. */
  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path, decoded, without what follows a question mark. */
  public String path() {
    var path = exchange.getRequestURI().getPath();
    return path == null ? "" : path;
  }

  /** The first header of a name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** {@link System#nanoTime} when it came. */
  public long started() {
    return started;
  }

  /** Bytes of its body that have been read. */
  public long bodyBytes() {
    return taken;
  }

  /** The model that answers it; empty as long as none does. */
  public String model() {
    return model;
  }

  /** Notes which model answers it. */
  public void answeredBy(String name) {
    model = name;
  }

  /** What is to be done when its client has gone. */
  public synchronized void whenGone(@Nullable Runnable newLeaving) {
    leaving = newLeaving;
  }

  /** Whether its client has gone. */
  public boolean isGone() {
    return gone;
  }

  /** Its client has gone. */
  public synchronized void gone() {
    gone = true;
    if (leaving != null) {
      leaving.run();
    }
  }

  /** The other end of its connection. */
  public InetSocketAddress client() {
    return exchange.getRemoteAddress();
  }

  /** The exchange itself. */
  HttpExchange exchange() {
    return exchange;
  }

  /**
   * The body as a JSON object.
   *
   * @throws Refusal if it is none
   */
  public Fields fields() {
    return Fields.of(json(), "");
  }

  /**
   * Reads the body, which must be JSON.
   *
   * @throws Refusal if it is too long, too slow, or not of the type of JSON
   */
  void receive() {
    var type = header("Content-Type").orElse("").toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    if (!type.equals("application/json")
        && !(type.startsWith("application/") && type.endsWith("+json"))) {
      throw new Refusal(
          415, ErrorType.VALIDATION, "Expected request with `Content-Type: application/json`");
    }
    received = body();
  }

  private JsonNode json() {
    var bytes = received;
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException _) {
      throw new Refusal(400, ErrorType.VALIDATION, "the body is not UTF-8");
    }
    try {
      return Json.parse(bytes, "the body");
    } catch (CheckpointException e) {
      // Jackson says where the surrounding value begins, in the manner of a class.
      var message = e.statement().replaceFirst(" \\(start marker at .*", "");
      throw new Refusal(400, ErrorType.VALIDATION, message);
    }
  }

  private byte[] body() {
    // Only digits: who comes here has passed the gate.
    long announced = header("Content-Length").map(Long::parseLong).orElse(0L);
    if (announced > limits.bodyBytes()) {
      throw tooLarge();
    }
    var bytes = new ByteArrayOutputStream((int) Math.min(announced, BLOCK));
    var block = new byte[BLOCK];
    for (int count = read(block); count >= 0; count = read(block)) {
      if (bytes.size() + count > limits.bodyBytes()) {
        throw tooLarge();
      }
      if (System.nanoTime() - started > limits.bodyTime().toNanos()) {
        throw new Refusal(
            408, ErrorType.VALIDATION, "the body did not come in time: send it faster");
      }
      take(count);
      bytes.write(block, 0, count);
    }
    return bytes.toByteArray();
  }

  /** The next bytes of the body. The JDK's reader of chunks trips over sizes beyond an int. */
  private int read(byte[] block) {
    try {
      return exchange.getRequestBody().read(block);
    } catch (IOException | IndexOutOfBoundsException _) {
      throw new Refusal(400, ErrorType.VALIDATION, "the body is not what its headers say")
          .with("Connection", "close");
    }
  }

  private void take(int count) {
    if (!room.take(count)) {
      throw new Refusal(ErrorType.OVERLOADED, "Model is overloaded").counted("overloaded");
    }
    taken += count;
  }

  private Refusal tooLarge() {
    return new Refusal(
        413,
        ErrorType.VALIDATION,
        "the body is larger than " + limits.bodyBytes() + " bytes: split it");
  }

  /** What is to be done when it has been answered. */
  void whenClosed(Runnable newClosing) {
    closing = newClosing;
  }

  /** Gives back the room of its body, and what else it holds. */
  void close() {
    room.giveBack(taken);
    closing.run();
  }
}
