package io.lanewise.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.TokenCountEstimator;
import io.lanewise.task.Embedder;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Tokenizer;
import java.util.List;

/**
 * Counts the tokens of texts with the tokenizer of a model folder; weights are not loaded. Document
 * splitters and chat memories take it.
 *
 * <pre>{@code
 * var counter = LanewiseTokenCountEstimator.builder().modelPath(folder).build();
 * System.out.println(counter.estimateTokenCountInText("How tall is Etna?"));
 * TokenCountEstimator forSplitters = counter;
 * }</pre>
 *
 * <p>The special tokens that a model puts around a text are not counted, so that the counts of
 * parts add up: a splitter for a model of 512 tokens is given 512 less {@link #specialTokens}.
 * Nothing is cut. Thread-safe.
 */
public final class LanewiseTokenCountEstimator implements TokenCountEstimator {
  private final Tokenizer tokenizer;
  private final EncodeOptions options;

  private LanewiseTokenCountEstimator(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.options =
        tokenizer.options().withAddSpecialTokens(false).withMaxLength(0).withPadding(false);
  }

  /** A builder whose model is to be named. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return tokenizer.encode(text, options).length();
  }

  /**
   * The tokens of what a message says: its texts, and the names and arguments of tools that it
   * wants called. What a chat model adds to mark roles it alone knows; that is not counted.
   *
   * @throws UnsupportedFeatureException if it holds an image, sound or another thing without tokens
   */
  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> estimateTokenCountInText(system.text());
      case UserMessage user -> inContents(user.contents());
      case AiMessage answer -> inAnswer(answer);
      case ToolExecutionResultMessage result -> inContents(result.contents());
      case CustomMessage custom ->
          custom.attributes().values().stream()
              .mapToInt(each -> estimateTokenCountInText(String.valueOf(each)))
              .sum();
      default -> throw unsupported("a message of type " + message.type());
    };
  }

  private int inContents(List<Content> contents) {
    int tokens = 0;
    for (var content : contents) {
      if (!(content instanceof TextContent text)) {
        throw unsupported("a content of type " + content.type());
      }
      tokens += estimateTokenCountInText(text.text());
    }
    return tokens;
  }

  private int inAnswer(AiMessage answer) {
    int tokens = answer.text() == null ? 0 : estimateTokenCountInText(answer.text());
    for (var request : answer.toolExecutionRequests()) {
      tokens += estimateTokenCountInText(request.name());
      tokens += request.arguments() == null ? 0 : estimateTokenCountInText(request.arguments());
    }
    return tokens;
  }

  private static UnsupportedFeatureException unsupported(String what) {
    return new UnsupportedFeatureException(
        what + " has no tokens of this tokenizer: count those of texts only");
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    int tokens = 0;
    for (var message : messages) {
      tokens += estimateTokenCountInMessage(message);
    }
    return tokens;
  }

  /** How many special tokens a model puts around one text, such as 2 for {@code [CLS] … [SEP]}. */
  public int specialTokens() {
    return tokenizer.specials().count(false);
  }

  /** Builds a {@link LanewiseTokenCountEstimator}. */
  public static final class Builder extends LanewiseFolderBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Loads the tokenizer, of a model folder or of one of sentence-transformers.
     *
     * @throws io.lanewise.LanewiseException if no model was given, or its tokenizer cannot be
     *     loaded
     */
    public LanewiseTokenCountEstimator build() {
      return new LanewiseTokenCountEstimator(Tokenizer.load(Embedder.modelFolder(folder())));
    }
  }
}
