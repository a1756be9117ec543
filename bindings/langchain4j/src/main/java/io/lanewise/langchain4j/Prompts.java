package io.lanewise.langchain4j;

import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import io.lanewise.task.Embedder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query and a document begin with.
 *
 * <p>The names are those that {@code encode_query} and {@code encode_document} of
 * sentence-transformers look for; a folder with none of them has the same beginning for both, its
 * {@code default_prompt_name} or nothing.
 */
record Prompts(String query, String document) {
  private static final List<String> QUERY = List.of("query");
  private static final List<String> DOCUMENT = List.of("document", "passage", "corpus");

  /**
   * Those of a folder.
   *
   * @param query in the place of the folder's; null for that of the folder
   * @param document the same
   */
  static Prompts of(Embedder embedder, @Nullable String query, @Nullable String document) {
    return new Prompts(
        query != null ? query : first(QUERY, embedder), //
        document != null ? document : first(DOCUMENT, embedder));
  }

  private static String first(List<String> names, Embedder embedder) {
    Map<String, String> prompts = embedder.prompts();
    return names.stream()
        .filter(prompts::containsKey)
        .findFirst()
        .map(prompts::get)
        .orElse(embedder.prompt());
  }

  String of(EmbeddingInputType type) {
    return switch (type) {
      case QUERY -> query;
      case DOCUMENT -> document;
    };
  }
}
