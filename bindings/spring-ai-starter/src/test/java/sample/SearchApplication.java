package sample;

import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Finds the passages that answer a question, and prints them, the best first. */
@SpringBootApplication
public class SearchApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(SearchApplication.class, arguments);
  }

  @Bean
  VectorStore vectorStore(EmbeddingModel embeddingModel) {
    return SimpleVectorStore.builder(embeddingModel).build();
  }

  @Bean
  CommandLineRunner search(VectorStore store, DocumentPostProcessor reranker) {
    return arguments -> {
      store.add(
          List.of(
              new Document("Etna is 3,403 metres high."),
              new Document("The match ended in a draw."),
              new Document("Rome is in Italy.")));
      var question = "How tall is the mountain?";
      var found = store.similaritySearch(SearchRequest.builder().query(question).topK(3).build());
      for (var document : reranker.process(new Query(question), found)) {
        System.out.printf("%.4f %s%n", document.getScore(), document.getText());
      }
    };
  }
}
