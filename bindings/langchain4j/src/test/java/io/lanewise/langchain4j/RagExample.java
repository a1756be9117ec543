package io.lanewise.langchain4j;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Retrieval for a chat model: passages are embedded and kept in memory; a question finds some, and
 * a cross-encoder says which of them answer it best. The arguments are an embedding model's folder,
 * a cross-encoder's, a file with a passage in each line, and a question.
 */
final class RagExample {
  private static final int FOUND = 10;
  private static final int KEPT = 3;

  private final LanewiseEmbeddingModel embeddingModel;
  private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

  RagExample(LanewiseEmbeddingModel embeddingModel) {
    this.embeddingModel = embeddingModel;
  }

  public static void main(String[] arguments) throws IOException {
    try (var embeddingModel = LanewiseEmbeddingModel.builder().modelPath(arguments[0]).build();
        var scoringModel = LanewiseScoringModel.builder().modelPath(arguments[1]).build()) {
      var example = new RagExample(embeddingModel);
      System.out.println(example.ingest(Files.readAllLines(Path.of(arguments[2]))) + " tokens");
      for (var content : example.retriever().retrieve(Query.from(arguments[3]))) {
        var text = content.textSegment().text();
        System.out.println(scoringModel.score(text, arguments[3]).content() + "  " + text);
      }
    }
  }

  /** Embeds passages and keeps them; the tokens that went through the model. */
  int ingest(List<String> passages) {
    var ingestor =
        EmbeddingStoreIngestor.builder()
            .embeddingModel(embeddingModel)
            .embeddingInputType(EmbeddingInputType.DOCUMENT)
            .embeddingStore(store)
            .build();
    var result = ingestor.ingest(passages.stream().map(Document::from).toList());
    return result.tokenUsage().inputTokenCount();
  }

  /** Finds the passages whose vectors are nearest to that of a question. */
  ContentRetriever retriever() {
    return EmbeddingStoreContentRetriever.builder()
        .embeddingModel(embeddingModel)
        .embeddingInputType(EmbeddingInputType.QUERY)
        .embeddingStore(store)
        .maxResults(FOUND)
        .build();
  }

  /** What AiServices takes: the found passages, reranked, the best few. */
  RetrievalAugmentor augmentor(LanewiseScoringModel scoringModel) {
    return DefaultRetrievalAugmentor.builder()
        .contentRetriever(retriever())
        .contentAggregator(
            ReRankingContentAggregator.builder()
                .scoringModel(scoringModel)
                .maxResults(KEPT)
                .build())
        .build();
  }

  static List<String> texts(List<Content> contents) {
    return contents.stream().map(each -> each.textSegment().text()).toList();
  }
}
