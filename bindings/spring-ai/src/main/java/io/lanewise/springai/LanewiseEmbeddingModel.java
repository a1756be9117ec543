package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.task.Embedder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/**
 * Texts to vectors, as sentence-transformers makes them; an {@link Embedder} behind Spring AI's
 * interface.
 *
 * <pre>{@code
 * try (var model = LanewiseEmbeddingModel.builder(ModelSource.of("all-MiniLM-L6-v2")).build()) {
 *   float[] vector = model.embed("A cat sits on the mat.");
 *   System.out.println(vector.length + " of " + model.dimensions());
 * }
 * }</pre>
 *
 * <p>Vector stores embed queries by {@link #embed(String)} and documents by the methods that take a
 * {@link Document}; these begin with the prompts that the folder has for the two ({@link
 * InputType}). All other methods take the default prompt. Texts go through the model in batches of
 * like length, whatever batches the caller makes; texts that are too long are cut. Thread-safe.
 * Closing waits for running calls and frees the model.
 */
public final class LanewiseEmbeddingModel extends LoadedModel<Embedder> implements EmbeddingModel {
  /** The provider in observations. */
  public static final String PROVIDER = "lanewise";

  private static final EmbeddingModelObservationConvention CONVENTION =
      new DefaultEmbeddingModelObservationConvention();

  private final LanewiseEmbeddingOptions defaults;
  private final int dimensions;
  private final Builder settings;

  private LanewiseEmbeddingModel(
      Serving<Embedder> serving, LanewiseEmbeddingOptions defaults, Builder settings) {
    super(serving);
    this.defaults = defaults;
    this.dimensions = EmbedderView.of(serving.loaded(), defaults).size();
    this.settings = settings;
  }

  /** Starts with the defaults of the folder. */
  public static Builder builder(ModelSource source) {
    return new Builder(source);
  }

  /** Sets a model up, and loads it. */
  public static final class Builder extends ServedModelBuilder<Builder> {
    private LanewiseEmbeddingOptions options = LanewiseEmbeddingOptions.NONE;
    private @Nullable EmbeddingModelObservationConvention convention;

    private Builder(ModelSource source) {
      super(source);
    }

    @Override
    Builder self() {
      return this;
    }

    /** What holds for requests that do not say otherwise. */
    public Builder options(LanewiseEmbeddingOptions newOptions) {
      options = newOptions;
      return this;
    }

    /** How observations are named and tagged; as Spring AI does if not said. */
    public Builder observationConvention(EmbeddingModelObservationConvention newConvention) {
      convention = newConvention;
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws io.lanewise.LanewiseException if it cannot be loaded, or the options do not fit it
     */
    public LanewiseEmbeddingModel build() {
      var serving = serve("embedding", Embedder::load);
      try {
        var defaults = options.model() == null ? named(options, serving.name()) : options;
        return new LanewiseEmbeddingModel(serving, defaults, this);
      } catch (RuntimeException | Error e) {
        serving.close();
        throw e;
      }
    }

    private static LanewiseEmbeddingOptions named(LanewiseEmbeddingOptions options, String name) {
      return LanewiseEmbeddingOptions.builder().model(name).build().overriddenBy(options);
    }
  }

  /**
   * One vector for each text, in their order, with the number of tokens that went through the model
   * as the usage.
   *
   * @throws InputException if a text is null, or the request asks for another model, a prompt that
   *     the folder does not have, or more dimensions than the vectors have
   * @throws io.lanewise.ClosedException if the model has been closed
   * @throws io.lanewise.CancelledException if the thread is interrupted, or the time is over
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    var merged = defaults.overriddenBy(request.getOptions());
    var whole = new EmbeddingRequest(request.getInstructions(), merged);
    var context =
        EmbeddingModelObservationContext.builder()
            .embeddingRequest(whole)
            .provider(PROVIDER)
            .build();
    var observation =
        EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION.observation(
            settings.convention, CONVENTION, () -> context, settings.observations());
    return observation.observe(
        () -> {
          var response = answer(whole.getInstructions(), merged);
          context.setResponse(response);
          return response;
        });
  }

  private EmbeddingResponse answer(List<String> texts, LanewiseEmbeddingOptions options) {
    requireModel(options.model());
    var counted =
        serving.measure(
            texts == null ? 0 : texts.size(), tokens -> vectors(texts, options, tokens));
    var metadata =
        new EmbeddingResponseMetadata(
            serving.name(), new DefaultUsage(counted.tokens(), 0, counted.tokens()));
    return new EmbeddingResponse(counted.answer(), metadata);
  }

  private List<Embedding> vectors(
      List<String> texts, LanewiseEmbeddingOptions options, IntConsumer tokens) {
    var view = EmbedderView.of(serving.loaded(), options);
    var embeddings = new ArrayList<Embedding>();
    for (var each : view.predictAll(texts, tokens)) {
      embeddings.add(new Embedding(each.values(), embeddings.size()));
    }
    return embeddings;
  }

  private void requireModel(@Nullable String asked) {
    if (asked != null
        && !asked.isEmpty()
        && !asked.equals(serving.name())
        && !asked.equals(defaults.model())) {
      throw new InputException(
          "the request asks for the model %s, this one is %s: leave the name out, or load the other"
              .formatted(asked, serving.name()));
    }
  }

  /** The vector of a query; see the class. */
  @Override
  public float[] embed(String text) {
    return only(text, defaults.forInput(InputType.QUERY));
  }

  /**
   * The vector of a document, of its text and the metadata that the mode says.
   *
   * @throws InputException if it has no text
   */
  @Override
  public float[] embed(Document document) {
    return only(getEmbeddingContent(document), defaults.forInput(InputType.DOCUMENT));
  }

  private float[] only(String text, LanewiseEmbeddingOptions options) {
    var texts = Collections.singletonList(text); // which may be null: the call says so
    return call(new EmbeddingRequest(texts, options)).getResult().getOutput();
  }

  /** The vectors of texts that are neither queries nor documents. */
  @Override
  public List<float[]> embed(List<String> texts) {
    return outputs(embedForResponse(texts));
  }

  /** {@link #call} with the defaults. */
  @Override
  public EmbeddingResponse embedForResponse(List<String> texts) {
    return call(new EmbeddingRequest(texts, defaults));
  }

  /**
   * The vectors of documents, in their order.
   *
   * @param options null for the defaults
   * @param batchingStrategy decides how many documents are one call; within a call texts of like
   *     length go together in any case
   * @throws InputException if a document has no text, or the strategy loses or adds documents
   */
  @Override
  public List<float[]> embed(
      List<Document> documents,
      @Nullable EmbeddingOptions options,
      BatchingStrategy batchingStrategy) {
    var merged = defaults.overriddenBy(options).forInput(InputType.DOCUMENT);
    var vectors = new ArrayList<float[]>(documents.size());
    for (var batch : batchingStrategy.batch(documents)) {
      if (!batch.isEmpty()) {
        var texts = batch.stream().map(this::getEmbeddingContent).toList();
        vectors.addAll(outputs(call(new EmbeddingRequest(texts, merged))));
      }
    }
    if (vectors.size() != documents.size()) {
      throw new InputException(
          "the batching strategy %s made %d documents of %d: take one that keeps them all"
              .formatted(batchingStrategy.getClass().getName(), vectors.size(), documents.size()));
    }
    return vectors;
  }

  private static List<float[]> outputs(EmbeddingResponse response) {
    return response.getResults().stream().map(Embedding::getOutput).toList();
  }

  /** Text and metadata of a document, as {@link #embed(Document)} reads them. */
  @Override
  public String getEmbeddingContent(Document document) {
    return DocumentText.of(document, settings.metadataMode());
  }

  /** How many numbers a vector has with the default options; nothing is computed for it. */
  @Override
  public int dimensions() {
    return dimensions;
  }

  /** What holds for requests that do not say otherwise. */
  public LanewiseEmbeddingOptions defaults() {
    return defaults;
  }

  /** Which metadata of a document stand before its text. */
  public MetadataMode metadataMode() {
    return settings.metadataMode();
  }

  @Override
  public String toString() {
    return "embedding model " + name();
  }
}
