package io.lanewise.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers of a chat model from users where a classifier gives them a label that is refused;
 * the chat model may be asked again.
 *
 * <pre>{@code
 * interface Assistant {
 *   String chat(String message);
 * }
 *
 * Assistant assistant(ChatModel chatModel, LanewiseTextClassifier classifier) {
 *   var guardrail =
 *       LanewiseOutputGuardrail.builder()
 *           .classifier(classifier)
 *           .refusedLabels("toxic")
 *           .reprompt("Say it without insults.")
 *           .build();
 *   return AiServices.builder(Assistant.class)
 *       .chatModel(chatModel)
 *       .outputGuardrails(guardrail)
 *       .build();
 * }
 * }</pre>
 *
 * <p>An answer without text, such as one that wants a tool called, passes. Where the classifier
 * fails, LangChain4j lets nothing through. Thread-safe.
 */
public final class LanewiseOutputGuardrail implements OutputGuardrail {
  private final RefusedLabels rule;
  private final boolean fatal;
  private final boolean retry;
  private final @Nullable String reprompt;

  private LanewiseOutputGuardrail(
      RefusedLabels rule, boolean fatal, boolean retry, @Nullable String reprompt) {
    this.rule = rule;
    this.fatal = fatal;
    this.retry = retry;
    this.reprompt = reprompt;
  }

  /** A builder whose classifier and labels are to be named. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public OutputGuardrailResult validate(AiMessage responseFromLLM) {
    var text = responseFromLLM.text();
    return text == null || text.isEmpty()
        ? success()
        : rule.reason(text).map(this::refused).orElseGet(this::success);
  }

  private OutputGuardrailResult refused(String reason) {
    if (reprompt != null) {
      return reprompt(reason, reprompt);
    }
    if (retry) {
      return retry(reason);
    }
    return fatal ? fatal(reason) : failure(reason);
  }

  @Override
  public String toString() {
    return "LanewiseOutputGuardrail against " + rule.labels();
  }

  /** Builds a {@link LanewiseOutputGuardrail}. */
  public static final class Builder extends LanewiseGuardrailBuilder<Builder> {
    private boolean retry;
    private @Nullable String reprompt;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** True to ask the chat model again with the same messages; false if not said. */
    public Builder retry(boolean newRetry) {
      retry = newRetry;
      return this;
    }

    /** What the chat model is asked again with, as a message of the user. */
    public Builder reprompt(@Nullable String newReprompt) {
      reprompt = newReprompt;
      return this;
    }

    /**
     * The guardrail.
     *
     * @throws io.lanewise.InputException if classifier or labels are missing or do not fit
     */
    public LanewiseOutputGuardrail build() {
      return new LanewiseOutputGuardrail(rule(), isFatal(), retry, reprompt);
    }
  }
}
