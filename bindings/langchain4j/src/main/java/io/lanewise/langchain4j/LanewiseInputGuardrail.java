package io.lanewise.langchain4j;

import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailResult;
import java.util.Optional;

/**
 * Keeps messages of users from a chat model where a classifier gives them a label that is refused.
 *
 * <pre>{@code
 * interface Assistant {
 *   String chat(String message);
 * }
 *
 * Assistant assistant(ChatModel chatModel, LanewiseTextClassifier classifier) {
 *   var guardrail =
 *       LanewiseInputGuardrail.builder()
 *           .classifier(classifier)
 *           .refusedLabels("toxic")
 *           .threshold(0.7)
 *           .build();
 *   return AiServices.builder(Assistant.class)
 *       .chatModel(chatModel)
 *       .inputGuardrails(guardrail)
 *       .build();
 * }
 * }</pre>
 *
 * <p>Each text of a message is looked at for itself; images and the like are not looked at. Where
 * the classifier fails, LangChain4j lets nothing through. Thread-safe.
 */
public final class LanewiseInputGuardrail implements InputGuardrail {
  private final RefusedLabels rule;
  private final boolean fatal;

  private LanewiseInputGuardrail(RefusedLabels rule, boolean fatal) {
    this.rule = rule;
    this.fatal = fatal;
  }

  /** A builder whose classifier and labels are to be named. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public InputGuardrailResult validate(UserMessage userMessage) {
    return userMessage.contents().stream()
        .filter(TextContent.class::isInstance)
        .map(each -> rule.reason(((TextContent) each).text()))
        .flatMap(Optional::stream)
        .findFirst()
        .map(reason -> fatal ? fatal(reason) : failure(reason))
        .orElseGet(this::success);
  }

  @Override
  public String toString() {
    return "LanewiseInputGuardrail against " + rule.labels();
  }

  /** Builds a {@link LanewiseInputGuardrail}. */
  public static final class Builder extends LanewiseGuardrailBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The guardrail.
     *
     * @throws io.lanewise.InputException if classifier or labels are missing or do not fit
     */
    public LanewiseInputGuardrail build() {
      return new LanewiseInputGuardrail(rule(), isFatal());
    }
  }
}
