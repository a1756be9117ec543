package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.AiServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The example on 200 passages. The embedding model is the demo checkpoint, which knows capitals;
 * the cross-encoder has random weights, so what is asked of it is that its own order holds.
 */
class RagExampleTest {
  private static final String PASSAGES = "passages.txt";

  private static LanewiseEmbeddingModel embeddingModel;
  private static LanewiseScoringModel scoringModel;
  private static RagExample example;
  private static int tokens;

  interface Assistant {
    String ask(String question);
  }

  private static List<String> passages() {
    try (var file = RagExampleTest.class.getResourceAsStream("/" + PASSAGES)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void ingest() {
    embeddingModel = LanewiseEmbeddingModel.builder().modelPath(Folders.CAPITALS).build();
    scoringModel = LanewiseScoringModel.builder().modelPath(Folders.RERANKER).build();
    example = new RagExample(embeddingModel);
    tokens = example.ingest(passages());
  }

  @AfterAll
  static void close() {
    embeddingModel.close();
    scoringModel.close();
  }

  @Test
  void allPassagesAreEmbedded() {
    assertThat(passages()).hasSize(200).doesNotHaveDuplicates();
    var counter = LanewiseTokenCountEstimator.builder().modelPath(Folders.CAPITALS).build();
    assertThat(tokens)
        .isEqualTo(
            passages().stream()
                .mapToInt(each -> counter.estimateTokenCountInText(each) + counter.specialTokens())
                .sum());
  }

  @Test
  void aQuestionFindsWhatAnswersIt() {
    for (var country : List.of("Kenya", "France", "Peru", "Japan", "Iceland")) {
      var found = example.retriever().retrieve(Query.from("The capital of " + country + "?"));
      assertThat(found).hasSize(10);
      assertThat(RagExample.texts(found).subList(0, 3))
          .as(country)
          .anyMatch(each -> each.startsWith("The capital of " + country + " is "));
    }
  }

  @Test
  void theCrossEncoderOrdersWhatWasFound() {
    var question = "What is the capital of Kenya?";
    var found = RagExample.texts(example.retriever().retrieve(Query.from(question)));
    var prompts = new ArrayList<String>();
    var assistant =
        AiServices.builder(Assistant.class)
            .chatModel(
                new ChatModel() {
                  @Override
                  public ChatResponse doChat(ChatRequest request) {
                    prompts.add(((UserMessage) request.messages().getLast()).singleText());
                    return ChatResponse.builder().aiMessage(AiMessage.from("Nairobi.")).build();
                  }
                })
            .retrievalAugmentor(example.augmentor(scoringModel))
            .build();
    assertThat(assistant.ask(question)).isEqualTo("Nairobi.");
    var best =
        found.stream()
            .sorted(
                Comparator.comparingDouble(
                    text -> -scoringModel.score(TextSegment.from(text), question).content()))
            .limit(3)
            .toList();
    assertThat(prompts).singleElement().asString().startsWith(question).containsSubsequence(best);
    assertThat(found).filteredOn(each -> !best.contains(each)).hasSize(7);
    assertThat(prompts.getFirst())
        .doesNotContain(found.stream().filter(each -> !best.contains(each)).toList());
  }

  @Test
  void itRunsFromTheCommandLine() throws Exception {
    var passages = Path.of(RagExampleTest.class.getResource("/" + PASSAGES).toURI());
    var out = System.out;
    var bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      RagExample.main(
          new String[] {
            Folders.CAPITALS.toString(),
            Folders.RERANKER.toString(),
            passages.toString(),
            "The capital of Kenya?"
          });
    } finally {
      System.setOut(out);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .hasSize(11)
        .first()
        .asString()
        .isEqualTo(tokens + " tokens");
  }
}
