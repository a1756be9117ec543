package io.lanewise.langchain4j;

import dev.langchain4j.model.output.TokenUsage;
import java.util.function.IntConsumer;

/** Adds up the tokens of one call. */
final class TokenSum implements IntConsumer {
  private long sum;

  @Override
  public void accept(int tokens) {
    sum += tokens;
  }

  /** As LangChain4j tells it; there are no tokens of an output. */
  TokenUsage usage() {
    return new TokenUsage((int) Math.min(sum, Integer.MAX_VALUE));
  }
}
