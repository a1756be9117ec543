package io.lanewise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.task.ScoreFunction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.DefaultContentFormatter;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.rag.Query;
import org.springframework.util.MimeTypeUtils;

class LanewiseDocumentRerankerTest {
  private static final double CLOSE = 2e-6;
  private static final CoreFolder.Expected EXPECTED = CoreFolder.CROSS.expected("{}");
  private static final Query QUERY = new Query(EXPECTED.inputs().path(0).path(0).asText());

  private static List<Document> documents() {
    return CoreFolder.Expected.texts(EXPECTED.inputs().path(0).path(1)).stream()
        .map(text -> new Document(text, Map.of("length", text.length())))
        .toList();
  }

  private static LanewiseDocumentReranker.Builder builder() {
    return LanewiseDocumentReranker.builder(CoreFolder.CROSS.source()).name("cross");
  }

  @Test
  void sortsWithTheScoresOfTheCrossEncoder() {
    var documents = documents();
    try (var reranker = builder().build()) {
      var ranked = reranker.process(QUERY, documents);
      assertThat(ranked).hasSize(documents.size());
      for (int i = 0; i < ranked.size(); i++) {
        var expected = EXPECTED.outputs().path(0).path(i);
        var document = documents.get(expected.path("index").asInt());
        assertThat(ranked.get(i).getId()).isEqualTo(document.getId());
        assertThat(ranked.get(i).getText()).isEqualTo(document.getText());
        assertThat(ranked.get(i).getMetadata()).isEqualTo(document.getMetadata());
        assertThat(ranked.get(i).getScore())
            .isCloseTo(expected.path("score").asDouble(), within(CLOSE));
      }
      assertThat(reranker.apply(QUERY, documents)).isEqualTo(ranked);
      assertThat(reranker.process(QUERY, List.of())).isEmpty();
    }
  }

  @Test
  void keepsTheBestOnly() {
    var documents = documents();
    try (var two = builder().top(2).build();
        var good = builder().minScore(0.65).build()) {
      assertThat(two.process(QUERY, documents)).hasSize(2);
      assertThat(good.process(QUERY, documents))
          .hasSize(2)
          .allMatch(document -> document.getScore() >= 0.65);
    }
    assertThatThrownBy(() -> builder().top(0).build()).isInstanceOf(InputException.class);
  }

  @Test
  void scoresAreLogitsWithoutAFunction() {
    try (var reranker = builder().function(ScoreFunction.NONE).build()) {
      double probability = EXPECTED.outputs().path(0).path(0).path("score").asDouble();
      assertThat(reranker.process(QUERY, documents()).getFirst().getScore())
          .isCloseTo(Math.log(probability / (1 - probability)), within(2e-5));
    }
  }

  @Test
  void readsMetadataWhereTheModeSaysSoAndKeepsTheFormatter() {
    var formatter = DefaultContentFormatter.builder().withMetadataTemplate("{key} {value}").build();
    var document = new Document("Rome", Map.of("the", "mountain"));
    document.setContentFormatter(formatter);
    try (var plain = builder().build();
        var full = builder().metadataMode(MetadataMode.EMBED).build()) {
      var ranked = full.process(QUERY, List.of(document)).getFirst();
      var expected = plain.process(QUERY, List.of(new Document("the mountain\n\nRome")));
      assertThat(ranked.getScore()).isEqualTo(expected.getFirst().getScore());
      assertThat(ranked.getContentFormatter()).isSameAs(formatter);
    }
  }

  @Test
  void isObservedAndMeasured() {
    var registry = TestObservationRegistry.create();
    var meters = new SimpleMeterRegistry();
    var picture = new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/a.png"));
    var reranker = builder().observationRegistry(registry).meterRegistry(meters).build();
    reranker.process(QUERY, documents());
    assertThatThrownBy(() -> reranker.process(QUERY, List.of(new Document("7", picture, Map.of()))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the document 7 has no text");
    TestObservationRegistryAssert.assertThat(registry)
        .hasNumberOfObservationsWithNameEqualTo("lanewise.rerank", 2)
        .hasAnObservationWithAKeyValue("model", "cross");
    assertThat(meters.get("lanewise.texts").tag("task", "reranking").counter().count())
        .isEqualTo(4);
    assertThat(meters.get("lanewise.tokens").tag("model", "cross").counter().count())
        .isGreaterThan(4);
    reranker.close();
    assertThatThrownBy(() -> reranker.process(QUERY, documents()))
        .isInstanceOf(ClosedException.class);
  }
}
