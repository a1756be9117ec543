package io.lanewise.serve.http;

/**
 * What kind of error a client is told, with the status that goes with it: the {@code ErrorType} of
 * text-embeddings-inference (router/src/lib.rs), and the names it has in JSON.
 */
public enum ErrorType {
  /** Not ready yet, or not any more. */
  UNHEALTHY("Unhealthy", 503),
  /** The model has no answer, or is not one for this route. */
  BACKEND("Backend", 424),
  /** No room now. */
  OVERLOADED("Overloaded", 429),
  /** The request is not one that can be answered. */
  VALIDATION("Validation", 422),
  /** The tokenizer has no answer. */
  TOKENIZER("Tokenizer", 422),
  /** There are no inputs. */
  EMPTY("Empty", 400);

  private final String title;
  private final int status;

  ErrorType(String title, int status) {
    this.title = title;
    this.status = status;
  }

  /** Its name in JSON. */
  public String title() {
    return title;
  }

  /** The status that goes with it mostly. */
  public int status() {
    return status;
  }
}
