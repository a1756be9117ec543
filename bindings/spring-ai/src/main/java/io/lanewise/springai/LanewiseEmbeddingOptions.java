package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.task.PoolingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.embedding.EmbeddingOptions;

/**
 * How texts are embedded: the defaults of a model, or what differs in one request. What is null is
 * not said: in a request the model's defaults hold then, and for those the folder's own settings.
 *
 * <pre>{@code
 * var options =
 *     LanewiseEmbeddingOptions.builder().inputType(InputType.QUERY).dimensions(256).build();
 * var response = model.call(new EmbeddingRequest(List.of("How tall is Etna?"), options));
 * }</pre>
 *
 * @param model the model's name; a request with another one is refused
 * @param dimensions how many numbers of each vector are kept, from 1 to all of them; what is left
 *     is brought to length 1 unless {@code normalised} says no
 * @param normalised whether vectors are brought to length 1; the folder's modules decide if null
 * @param pooling how the vectors of the tokens become one; the folder's own if null
 * @param inputType queries or documents; null for neither, which begin with the default prompt
 * @param prompt what every text begins with, empty for nothing; never together with {@code
 *     promptName}
 * @param promptName one of the folder's prompts, by its name
 * @param queryPrompt what a query begins with, empty for nothing; if null {@code prompt} or {@code
 *     promptName}, and if those are null too the folder's prompt of the name {@code query}
 * @param documentPrompt the same for a document; the folder's prompt is the first there is of the
 *     names {@code document}, {@code passage} and {@code corpus}
 */
public record LanewiseEmbeddingOptions(
    @Nullable String model,
    @Nullable Integer dimensions,
    @Nullable Boolean normalised,
    @Nullable List<PoolingMode> pooling,
    @Nullable InputType inputType,
    @Nullable String prompt,
    @Nullable String promptName,
    @Nullable String queryPrompt,
    @Nullable String documentPrompt)
    implements EmbeddingOptions {
  /** Nothing is said. */
  public static final LanewiseEmbeddingOptions NONE = builder().build();

  /**
   * @throws InputException if {@code dimensions} is less than 1, there are no poolings in the list,
   *     or both a prompt and the name of one are given
   */
  public LanewiseEmbeddingOptions {
    if (dimensions != null && dimensions < 1) {
      throw new InputException("dimensions " + dimensions + ": at least 1 must be kept");
    }
    if (pooling != null && pooling.isEmpty()) {
      throw new InputException("no pooling: give at least one");
    }
    if (prompt != null && promptName != null) {
      throw new InputException(
          "both a prompt and the name of one (%s) are given: give one of them"
              .formatted(promptName));
    }
    pooling = pooling == null ? null : List.copyOf(pooling);
  }

  /** Starts with nothing said. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public @Nullable String getModel() {
    return model;
  }

  @Override
  public @Nullable Integer getDimensions() {
    return dimensions;
  }

  /**
   * These, where a request does not say otherwise. A prompt of the request counts for queries and
   * documents, too, whatever these say about those.
   *
   * @param request of any kind; null for one that says nothing
   */
  LanewiseEmbeddingOptions overriddenBy(@Nullable EmbeddingOptions request) {
    return switch (request) {
      case null -> this;
      case LanewiseEmbeddingOptions own -> overriddenBy(own);
      default ->
          overriddenBy(
              builder().model(request.getModel()).dimensions(request.getDimensions()).build());
    };
  }

  private LanewiseEmbeddingOptions overriddenBy(LanewiseEmbeddingOptions request) {
    boolean prompted = request.prompt != null || request.promptName != null;
    return new LanewiseEmbeddingOptions(
        or(request.model, model),
        or(request.dimensions, dimensions),
        or(request.normalised, normalised),
        or(request.pooling, pooling),
        or(request.inputType, inputType),
        prompted ? request.prompt : prompt,
        prompted ? request.promptName : promptName,
        prompted ? request.queryPrompt : or(request.queryPrompt, queryPrompt),
        prompted ? request.documentPrompt : or(request.documentPrompt, documentPrompt));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }

  /** The same for texts of a kind, unless these say the kind. */
  LanewiseEmbeddingOptions forInput(InputType type) {
    return builder().inputType(type).build().overriddenBy(this);
  }

  /** Collects what is said; the components of {@link LanewiseEmbeddingOptions} tell what it is. */
  public static final class Builder {
    private @Nullable String model;
    private @Nullable Integer dimensions;
    private @Nullable Boolean normalised;
    private @Nullable List<PoolingMode> pooling;
    private @Nullable InputType inputType;
    private @Nullable String prompt;
    private @Nullable String promptName;
    private @Nullable String queryPrompt;
    private @Nullable String documentPrompt;

    private Builder() {}

    public Builder model(@Nullable String newModel) {
      model = newModel;
      return this;
    }

    public Builder dimensions(@Nullable Integer newDimensions) {
      dimensions = newDimensions;
      return this;
    }

    public Builder normalised(@Nullable Boolean newNormalised) {
      normalised = newNormalised;
      return this;
    }

    public Builder pooling(@Nullable List<PoolingMode> newPooling) {
      pooling = newPooling;
      return this;
    }

    public Builder inputType(@Nullable InputType newInputType) {
      inputType = newInputType;
      return this;
    }

    public Builder prompt(@Nullable String newPrompt) {
      prompt = newPrompt;
      return this;
    }

    public Builder promptName(@Nullable String newPromptName) {
      promptName = newPromptName;
      return this;
    }

    public Builder queryPrompt(@Nullable String newQueryPrompt) {
      queryPrompt = newQueryPrompt;
      return this;
    }

    public Builder documentPrompt(@Nullable String newDocumentPrompt) {
      documentPrompt = newDocumentPrompt;
      return this;
    }

    /**
     * What was said.
     *
     * @throws InputException as the constructor
     */
    public LanewiseEmbeddingOptions build() {
      return new LanewiseEmbeddingOptions(
          model,
          dimensions,
          normalised,
          pooling,
          inputType,
          prompt,
          promptName,
          queryPrompt,
          documentPrompt);
    }
  }
}
