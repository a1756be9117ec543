package io.lanewise.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.model.scoring.request.ScoringRequest;
import dev.langchain4j.model.scoring.response.ScoringResponse;
import io.lanewise.task.Reranker;
import io.lanewise.task.ScoreFunction;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Scores texts by how well they answer a query, with a cross-encoder: a model that reads both
 * together and has one output. {@code ReRankingContentAggregator} takes it.
 *
 * <pre>{@code
 * try (var model =
 *     LanewiseScoringModel.builder()
 *         .modelName("cross-encoder/ms-marco-MiniLM-L6-v2")
 *         .build()) {
 *   double score = model.score("Etna is 3,403 m high.", "How tall is Etna?").content();
 *   System.out.println(score);
 *   var aggregator = ReRankingContentAggregator.builder().scoringModel(model).build();
 *   System.out.println(aggregator);
 * }
 * }</pre>
 *
 * <p>A higher score is better; scores are those of the {@code CrossEncoder} of
 * sentence-transformers. A pair that is too long is cut, the longer text first. The token usage
 * counts what goes through the model: the query with each text, and special tokens.
 *
 * <p>Thread-safe. Closing waits for running calls and frees the model; a later call is a {@link
 * io.lanewise.ClosedException}.
 */
public final class LanewiseScoringModel implements ScoringModel, AutoCloseable {
  private final Reranker reranker;
  private final String name;
  private final @Nullable Executor executor;

  private LanewiseScoringModel(Reranker reranker, String name, @Nullable Executor executor) {
    this.reranker = reranker;
    this.name = name;
    this.executor = executor;
  }

  /** A builder whose model is to be named. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The scores of texts, in their order.
   *
   * @throws io.lanewise.ClosedException if the model is closed
   */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    var tokens = new TokenSum();
    var scores = scores(segments.stream().map(TextSegment::text).toList(), query, tokens);
    return Response.from(scores, tokens.usage());
  }

  /**
   * The same on the executor that was given; cancelling the future interrupts the call between two
   * batches. Without one it is refused, as LangChain4j has it for models that compute where they
   * are called. So is a request that names another model.
   */
  @Override
  public CompletableFuture<ScoringResponse> doScoreAsync(ScoringRequest request) {
    if (executor == null) {
      return ScoringModel.super.doScoreAsync(request);
    }
    if (request.modelName() != null && !request.modelName().equals(name)) {
      return CompletableFuture.failedFuture(
          new UnsupportedFeatureException(
              "the request names the model %s, but this is %s: build one for it"
                  .formatted(request.modelName(), name)));
    }
    return Offloaded.call(
        executor,
        () -> {
          var tokens = new TokenSum();
          var scores = scores(request.documents(), request.query(), tokens);
          return ScoringResponse.builder()
              .scores(scores)
              .modelName(name)
              .tokenUsage(tokens.usage())
              .build();
        });
  }

  private List<Double> scores(List<String> texts, String query, TokenSum tokens) {
    var asked = List.of(new Reranker.Query(query, texts));
    var scores = new Double[texts.size()];
    for (var each : reranker.predictAll(asked, tokens).getFirst()) { // the best first
      scores[each.index()] = (double) each.score();
    }
    return Arrays.asList(scores);
  }

  /** The name on the Hub, or that of the folder. */
  public String modelName() {
    return name;
  }

  /**
   * Does now what would make the first answers slower than later ones; it takes a second or some.
   */
  public void warmUp() {
    reranker.warmUp();
  }

  /** Waits for running calls, then frees the model; a second call does nothing. */
  @Override
  public void close() {
    reranker.close();
  }

  @Override
  public String toString() {
    return "LanewiseScoringModel of " + name;
  }

  /** Builds a {@link LanewiseScoringModel}. */
  public static final class Builder extends LanewiseModelBuilder<Builder> {
    private @Nullable ScoreFunction scoreFunction;
    private @Nullable Executor executor;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * How a score is made of the model's output: {@link ScoreFunction#SIGMOID} for 0 to 1, {@link
     * ScoreFunction#NONE} for the output itself. If not said, it is what the folder says, and the
     * sigmoid where it is silent.
     */
    public Builder scoreFunction(@Nullable ScoreFunction newScoreFunction) {
      scoreFunction = newScoreFunction;
      return this;
    }

    /** Where {@code scoreAsync} computes; it needs one. */
    public Builder executor(@Nullable Executor newExecutor) {
      executor = newExecutor;
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws io.lanewise.LanewiseException if no model was given, it cannot be loaded, or it has
     *     several outputs
     */
    public LanewiseScoringModel build() {
      var loaded = Reranker.load(folder(), options());
      try {
        var reranker = scoreFunction == null ? loaded : loaded.withFunction(scoreFunction);
        return new LanewiseScoringModel(reranker, title(), executor);
      } catch (RuntimeException e) {
        loaded.close();
        throw e;
      }
    }
  }
}
