package io.lanewise.langchain4j;

import static dev.langchain4j.model.embedding.request.EmbeddingRequestParameters.DIMENSIONS;
import static dev.langchain4j.model.embedding.request.EmbeddingRequestParameters.INPUT_TYPE;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.lanewise.InputException;
import io.lanewise.task.Embedder;
import io.lanewise.task.PoolingMode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts inside the JVM, as sentence-transformers does with the same folder.
 *
 * <pre>{@code
 * try (var model =
 *     LanewiseEmbeddingModel.builder()
 *         .modelName("sentence-transformers/all-MiniLM-L6-v2")
 *         .build()) {
 *   var embedding = model.embed("How tall is Etna?").content();
 *   System.out.println(embedding.dimension() + " numbers");
 * }
 * }</pre>
 *
 * <p>The texts of a request go through the model in batches of like length; each vector is that of
 * the text alone. Texts that are too long are cut. Requests may name an input type, which chooses
 * the folder's prompt, and dimensions. The token usage counts what goes through the model: special
 * tokens and those of the prompt, not what was cut.
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model; a later call is a {@link
 * io.lanewise.ClosedException}.
 */
public final class LanewiseEmbeddingModel implements EmbeddingModel, AutoCloseable {
  private final Embedder embedder;
  private final Prompts prompts;
  private final String name;
  private final @Nullable Boolean normalize;
  private final EmbeddingRequestParameters defaults;
  private final List<EmbeddingModelListener> listeners;
  private final @Nullable Executor executor;

  private LanewiseEmbeddingModel(Builder builder, Embedder embedder) {
    this.embedder = embedder;
    this.prompts = Prompts.of(embedder, builder.queryPrompt, builder.documentPrompt);
    this.name = builder.title();
    this.normalize = builder.normalize;
    this.defaults =
        EmbeddingRequestParameters.builder()
            .dimensions(builder.dimensions)
            .inputType(builder.inputType)
            .build();
    this.listeners = List.copyOf(builder.listeners);
    this.executor = builder.executor;
    if (builder.dimensions != null) {
      cut(embedder, builder.dimensions);
    }
  }

  /** A builder whose model is to be named. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The embeddings of a request whose parameters have been checked, as {@link
   * #embed(EmbeddingRequest)} does.
   *
   * @throws InputException if it wants more dimensions than the model has
   * @throws io.lanewise.ClosedException if the model is closed
   */
  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    var texts = request.inputs().stream().map(EmbeddingInput::text).toList();
    var tokens = new TokenSum();
    var vectors = asked(request).predictAll(texts, tokens);
    return EmbeddingResponse.builder()
        .embeddings(vectors.stream().map(each -> Embedding.from(each.values())).toList())
        .modelName(name)
        .tokenUsage(tokens.usage())
        .build();
  }

  /**
   * The same on the executor that was given; cancelling the future interrupts the call between two
   * batches. Without one it is refused, as LangChain4j has it for models that compute where they
   * are called.
   */
  @Override
  public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
    return executor == null
        ? EmbeddingModel.super.doEmbedAsync(request)
        : Offloaded.call(executor, () -> doEmbed(request));
  }

  private Embedder asked(EmbeddingRequest request) {
    Integer dimensions = request.dimensions();
    EmbeddingInputType type = request.inputType();
    var asked = dimensions == null ? embedder : cut(embedder, dimensions);
    return type == null ? asked : asked.withPrompt(prompts.of(type));
  }

  private Embedder cut(Embedder from, int dimensions) {
    if (dimensions < 1 || dimensions > from.size()) {
      throw new InputException(
          "dimensions %d: %s gives %d numbers, ask for 1 to %d of them"
              .formatted(dimensions, name, from.size(), from.size()));
    }
    return from.withDimensions(dimensions).withNormalisation(normalize == null || normalize);
  }

  /** How many numbers an embedding has, without a forward pass. */
  @Override
  public int dimension() {
    Integer dimensions = defaults.dimensions();
    return dimensions == null ? embedder.size() : dimensions;
  }

  /** The name on the Hub, or that of the folder. */
  @Override
  public String modelName() {
    return name;
  }

  /** LangChain4j's list of providers has no engines inside the JVM: {@link ModelProvider#OTHER}. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  @Override
  public EmbeddingRequestParameters defaultRequestParameters() {
    return defaults;
  }

  /** Dimensions and the input type. The name of a model is not among them: there is only one. */
  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(DIMENSIONS, INPUT_TYPE);
  }

  /**
   * Does now what would make the first answers slower than later ones; it takes a second or some.
   */
  public void warmUp() {
    embedder.warmUp();
  }

  /** Waits for running calls, then frees the model; a second call does nothing. */
  @Override
  public void close() {
    embedder.close();
  }

  @Override
  public String toString() {
    return "LanewiseEmbeddingModel of " + name;
  }

  /** Builds a {@link LanewiseEmbeddingModel}. */
  public static final class Builder extends LanewiseModelBuilder<Builder> {
    private @Nullable Integer dimensions;
    private @Nullable EmbeddingInputType inputType;
    private @Nullable String queryPrompt;
    private @Nullable String documentPrompt;
    private @Nullable Boolean normalize;
    private @Nullable PoolingMode pooling;
    private List<EmbeddingModelListener> listeners = List.of();
    private @Nullable Executor executor;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * How many numbers of each vector are kept where a request does not say: the first ones,
     * brought to length 1. For models that were trained for it.
     */
    public Builder dimensions(@Nullable Integer newDimensions) {
      dimensions = newDimensions;
      return this;
    }

    /**
     * What texts are where a request does not say; if that is not said either, texts begin with the
     * folder's {@code default_prompt_name}, or with nothing.
     */
    public Builder inputType(@Nullable EmbeddingInputType newInputType) {
      inputType = newInputType;
      return this;
    }

    /**
     * What queries begin with, in the place of the folder's prompt {@code query}; for folders that
     * tell it in their description only, such as {@code "query: "} for E5.
     */
    public Builder queryPrompt(@Nullable String newQueryPrompt) {
      queryPrompt = newQueryPrompt;
      return this;
    }

    /**
     * What documents begin with, in the place of the folder's prompt {@code document}, {@code
     * passage} or {@code corpus}.
     */
    public Builder documentPrompt(@Nullable String newDocumentPrompt) {
      documentPrompt = newDocumentPrompt;
      return this;
    }

    /**
     * True for vectors of length 1 whatever the folder says; false for what the folder says, and
     * for the plain numbers where dimensions are cut. If not said, the folder says, and cut vectors
     * have length 1.
     */
    public Builder normalize(@Nullable Boolean newNormalize) {
      normalize = newNormalize;
      return this;
    }

    /** How the vectors of tokens become one, in the place of what the folder says. */
    public Builder pooling(@Nullable PoolingMode newPooling) {
      pooling = newPooling;
      return this;
    }

    /** Told of each request, of its answer, and of errors. */
    public Builder listeners(@Nullable List<EmbeddingModelListener> newListeners) {
      listeners = newListeners == null ? List.of() : newListeners;
      return this;
    }

    /**
     * Where {@code embedAsync} computes; it needs one. A call takes the model's threads on its own
     * account, so a few threads do.
     */
    public Builder executor(@Nullable Executor newExecutor) {
      executor = newExecutor;
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws io.lanewise.LanewiseException if no model was given, it cannot be loaded, or it does
     *     not have so many dimensions
     */
    public LanewiseEmbeddingModel build() {
      var loaded = Embedder.load(folder(), options());
      try {
        var pooled = pooling == null ? loaded : loaded.withPooling(pooling);
        boolean unit = normalize != null && normalize;
        return new LanewiseEmbeddingModel(this, unit ? pooled.withNormalisation(true) : pooled);
      } catch (RuntimeException e) {
        loaded.close();
        throw e;
      }
    }
  }
}
