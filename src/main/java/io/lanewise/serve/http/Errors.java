package io.lanewise.serve.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.MemoryException;
import io.lanewise.TokenizerException;
import io.lanewise.serve.batch.OverloadedException;
import io.lanewise.serve.batch.TooLongException;

/** What a client is told of what went wrong, in the shape of its route. */
public enum Errors {
  /** {@code ErrorResponse} of text-embeddings-inference. */
  TEI {
    @Override
    ObjectNode json(Refusal refusal) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("error", refusal.getMessage())
          .put("error_type", refusal.type().title());
    }
  },
  /** {@code OpenAICompatErrorResponse} of text-embeddings-inference. */
  OPENAI {
    @Override
    ObjectNode json(Refusal refusal) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("message", refusal.getMessage())
          .put("code", refusal.status())
          .put("type", refusal.type().title());
    }
  };

  private static final String SECONDS_TO_WAIT = "1";

  abstract ObjectNode json(Refusal refusal);

  /** What a failure means, as JSON: for an answer that has already begun. */
  public ObjectNode json(Throwable failure) {
    return json(refusal(failure));
  }

  /** The answer. */
  public Answer answer(Refusal refusal) {
    return Answer.json(refusal.status(), json(refusal)).with(refusal.headers());
  }

  /** What a failure means for a client. Nothing of the machine stands in it. */
  static Refusal refusal(Throwable failure) {
    return switch (failure) {
      case Refusal refusal -> withPause(refusal);
      case OverloadedException e ->
          withPause(new Refusal(ErrorType.OVERLOADED, e.getMessage()).counted("overloaded"));
      case TooLongException e -> Refusal.invalid(e.getMessage());
      case InputException e -> Refusal.invalid(e.statement());
      case TokenizerException e ->
          new Refusal(ErrorType.TOKENIZER, e.statement()).counted("tokenization");
      case CancelledException _ ->
          new Refusal(
                  503, ErrorType.OVERLOADED, "the answer was not there in time: ask again later")
              .counted("overloaded")
              .with("Retry-After", SECONDS_TO_WAIT);
      case ClosedException _ -> new Refusal(ErrorType.UNHEALTHY, "the server is stopping");
      case MemoryException _ ->
          withPause(
              new Refusal(ErrorType.OVERLOADED, "there is not enough memory now")
                  .counted("overloaded"));
      case LanewiseException _ -> failed();
      case OutOfMemoryError _ ->
          withPause(
              new Refusal(ErrorType.OVERLOADED, "there is not enough memory now")
                  .counted("overloaded"));
      default -> failed();
    };
  }

  private static Refusal failed() {
    return new Refusal(500, ErrorType.BACKEND, "internal error").counted("inference");
  }

  private static Refusal withPause(Refusal refusal) {
    return refusal.status() == 429 ? refusal.with("Retry-After", SECONDS_TO_WAIT) : refusal;
  }
}
