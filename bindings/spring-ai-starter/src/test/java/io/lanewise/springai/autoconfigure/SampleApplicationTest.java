package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.springai.LanewiseDocumentReranker;
import io.lanewise.springai.LanewiseEmbeddingModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import sample.SearchApplication;

/** An application that starts, embeds into a vector store, searches, reranks, and stops. */
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTest {
  /** What the sample prints. */
  static final List<String> ANSWERS =
      List.of(
          "0.7016 Etna is 3,403 metres high.",
          "0.6131 Rome is in Italy.",
          "0.3106 The match ended in a draw.");

  @Test
  void searchesAndStops(CapturedOutput output) {
    var models = new LanewiseEmbeddingModel[1];
    var rerankers = new LanewiseDocumentReranker[1];
    try (var context =
        SpringApplication.run(SearchApplication.class, Processes.sample().toArray(String[]::new))) {
      assertThat(context.getBean(SimpleVectorStore.class)).isNotNull();
      models[0] = context.getBean(LanewiseEmbeddingModel.class);
      rerankers[0] = context.getBean(LanewiseDocumentReranker.class);
      assertThat(models[0].isOpen()).isTrue();
    }
    Processes.assertAnswered(output.getOut());
    assertThat(models[0].isOpen()).isFalse();
    assertThat(rerankers[0].isOpen()).isFalse();
  }

  /** What the page shows is what ran above. */
  @Test
  void theQuickStartOfTheReadmeIsThisApplication() throws Exception {
    var module = Path.of(System.getProperty("lanewise.core"), "bindings", "spring-ai-starter");
    var source = Files.readString(module.resolve("src/test/java/sample/SearchApplication.java"));
    assertThat(Files.readString(module.resolve("README.md")))
        .contains("```java\n" + source + "```")
        .contains(ANSWERS);
  }
}
