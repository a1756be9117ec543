package io.lanewise.serve.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why a request has no answer, as its client is told. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorType type;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private String cause = "validation";

  /** With the status of the type. */
  public Refusal(ErrorType type, String message) {
    this(type.status(), type, message);
  }

  /** With a status of its own. */
  public Refusal(int status, ErrorType type, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
  }

  /** Something in the request cannot be: 422. */
  public static Refusal invalid(String message) {
    return new Refusal(ErrorType.VALIDATION, message);
  }

  /** The same with a header. */
  public Refusal with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** The same, counted under this name: {@code err} of the metric {@code te_request_failure}. */
  public Refusal counted(String newCause) {
    cause = newCause;
    return this;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The kind of error. */
  public ErrorType type() {
    return type;
  }

  /** Headers beside the usual ones. */
  public Map<String, String> headers() {
    return headers;
  }

  /** What it is counted under. */
  public String countedAs() {
    return cause;
  }
}
