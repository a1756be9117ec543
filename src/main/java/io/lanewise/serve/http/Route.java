package io.lanewise.serve.http;

/**
 * What answers a method on a path.
 *
 * @param method such as {@code POST}; what answers {@code GET} answers {@code HEAD}, too
 * @param access who may ask
 * @param errors the shape of errors
 */
public record Route(String method, String path, Access access, Errors errors, Handler handler) {
  /** Who may ask, and when. */
  public enum Access {
    /** Everybody at any time: whether the server is alive is told while it is busy, too. */
    PROBE,
    /** Everybody, without a key. */
    PUBLIC,
    /** Who has the key, while there is room; also before models are ready. */
    KEYED,
    /** Who has the key, while there is room, and models are ready. */
    MODEL
  }

  /** Answers. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The answer to a request.
     *
     * @throws RuntimeException if there is none; a {@link Refusal} says why
     */
    Answer answer(Call call);
  }

  /** A public one without inputs. */
  public static Route get(String path, Access access, Handler handler) {
    return new Route("GET", path, access, Errors.TEI, handler);
  }

  /** One that asks models. */
  public static Route post(String path, Handler handler) {
    return new Route("POST", path, Access.MODEL, Errors.TEI, handler);
  }

  /** One that asks models, in the shape of OpenAI. */
  public static Route openAi(String path, Handler handler) {
    return new Route("POST", path, Access.MODEL, Errors.OPENAI, handler);
  }
}
