package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.task.Reranker;
import io.lanewise.task.ScoreFunction;
import io.micrometer.observation.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/**
 * Sorts documents that were found by how well they answer the query, with a cross-encoder; a {@link
 * Reranker} behind Spring AI's interface.
 *
 * <pre>{@code
 * try (var reranker =
 *     LanewiseDocumentReranker.builder(ModelSource.of("ms-marco-MiniLM-L6-v2")).top(3).build()) {
 *   var documents = List.of(new Document("Etna is a volcano."), new Document("Oslo is a city."));
 *   var best = reranker.process(new Query("What is Etna?"), documents).getFirst();
 *   System.out.println(best.getText() + " " + best.getScore());
 * }
 * }</pre>
 *
 * <p>The documents that come out have the model's scores in the place of those of the search; all
 * else of them is as it was. A pair that is too long is cut. Thread-safe. Closing waits for running
 * calls and frees the model.
 */
public final class LanewiseDocumentReranker extends LoadedModel<Reranker>
    implements DocumentPostProcessor {
  private final Reranker reranker;
  private final Builder settings;

  private LanewiseDocumentReranker(Serving<Reranker> serving, Builder settings) {
    super(serving);
    this.reranker = view(serving.loaded(), settings);
    this.settings = settings;
  }

  private static Reranker view(Reranker loaded, Builder settings) {
    var view = settings.function == null ? loaded : loaded.withFunction(settings.function);
    return settings.top == null ? view : view.withTop(settings.top);
  }

  /** Starts with the defaults of the folder. */
  public static Builder builder(ModelSource source) {
    return new Builder(source);
  }

  /** Sets a reranker up, and loads its model. */
  public static final class Builder extends ServedModelBuilder<Builder> {
    private @Nullable Integer top;
    private @Nullable Double minScore;
    private @Nullable ScoreFunction function;

    private Builder(ModelSource source) {
      super(source);
    }

    @Override
    Builder self() {
      return this;
    }

    /** How many documents come out at most, at least 1; null for all. */
    public Builder top(@Nullable Integer newTop) {
      top = newTop;
      return this;
    }

    /** The score that a document needs to come out; null for any. */
    public Builder minScore(@Nullable Double newMinScore) {
      minScore = newMinScore;
      return this;
    }

    /**
     * How scores are made of the model's output, the sigmoid or nothing; null for what the folder
     * says.
     */
    public Builder function(@Nullable ScoreFunction newFunction) {
      function = newFunction;
      return this;
    }

    /**
     * Loads the model.
     *
     * @throws io.lanewise.LanewiseException if it cannot be loaded or has several outputs, or a
     *     setting cannot be
     */
    public LanewiseDocumentReranker build() {
      var serving = serve("reranking", Reranker::load);
      try {
        return new LanewiseDocumentReranker(serving, this);
      } catch (RuntimeException | Error e) {
        serving.close();
        throw e;
      }
    }
  }

  /**
   * The documents, the best first.
   *
   * @throws InputException if a document has no text
   * @throws io.lanewise.ClosedException if the model has been closed
   * @throws io.lanewise.CancelledException if the thread is interrupted, or the time is over
   */
  @Override
  public List<Document> process(Query query, List<Document> documents) {
    if (documents.isEmpty()) {
      return List.of();
    }
    return Observation.createNotStarted("lanewise.rerank", settings.observations())
        .contextualName("rerank " + name())
        .lowCardinalityKeyValue("model", name())
        .observe(() -> ranked(query, documents));
  }

  private List<Document> ranked(Query query, List<Document> documents) {
    var passages =
        documents.stream()
            .map(document -> DocumentText.of(document, settings.metadataMode()))
            .toList();
    var question = List.of(new Reranker.Query(query.text(), passages));
    return serving
        .measure(passages.size(), tokens -> reranker.predictAll(question, tokens).getFirst())
        .answer()
        .stream()
        .filter(each -> settings.minScore == null || each.score() >= settings.minScore)
        .map(each -> scored(documents.get(each.index()), each.score()))
        .toList();
  }

  private static Document scored(Document document, float score) {
    var copy = document.mutate().score((double) score).build();
    copy.setContentFormatter(document.getContentFormatter()); // a mutation leaves it behind
    return copy;
  }

  @Override
  public String toString() {
    return "reranker " + name();
  }
}
