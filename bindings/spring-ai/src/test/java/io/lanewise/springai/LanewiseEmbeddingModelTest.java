package io.lanewise.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.task.PoolingMode;
import io.lanewise.task.TaskOptions;
import io.lanewise.tokenizer.Tokenizer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.util.MimeTypeUtils;

class LanewiseEmbeddingModelTest {
  private static final float CLOSE = 2e-6f;
  private static final BatchingStrategy AT_ONCE = List::of;

  private static LanewiseEmbeddingModel load(CoreFolder folder) {
    return LanewiseEmbeddingModel.builder(folder.source()).build();
  }

  private static EmbeddingRequest request(List<String> texts, EmbeddingOptions options) {
    return new EmbeddingRequest(texts, options);
  }

  private static void assertVectors(EmbeddingResponse response, CoreFolder.Expected expected) {
    assertThat(response.getResults()).hasSize(expected.texts().size());
    for (int i = 0; i < expected.texts().size(); i++) {
      assertThat(response.getResults().get(i).getIndex()).isEqualTo(i);
      assertVector(response.getResults().get(i).getOutput(), expected.vector(i));
    }
  }

  private static void assertVector(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(CLOSE));
    }
  }

  @Test
  void answersInTheOrderOfTheTextsWithTheNumbersOfSentenceTransformers() {
    var expected = CoreFolder.BERT.expected("{}");
    try (var model = load(CoreFolder.BERT)) {
      assertVectors(model.call(request(expected.texts(), null)), expected);
      assertVectors(model.embedForResponse(expected.texts()), expected);
      assertThat(model.embed(expected.texts())).hasSize(expected.texts().size());
      assertVector(model.embed(expected.texts().getFirst()), expected.vector(0));
      assertVector(model.embed(new Document(expected.texts().getFirst())), expected.vector(0));
      assertThat(model.call(request(List.of(), null)).getResults()).isEmpty();
    }
  }

  @Test
  void usageIsWhatWentThroughTheModel() {
    var texts = List.of("Rome", "Rome is in Italy.");
    var tokenizer = Tokenizer.load(CoreFolder.BERT.path());
    int tokens = texts.stream().mapToInt(text -> tokenizer.encode(text).length()).sum();
    try (var model = load(CoreFolder.BERT)) {
      var metadata = model.embedForResponse(texts).getMetadata();
      assertThat(metadata.getUsage().getPromptTokens()).isEqualTo(tokens);
      assertThat(metadata.getUsage().getTotalTokens()).isEqualTo(tokens);
      assertThat(metadata.getModel()).isEqualTo(CoreFolder.BERT.path().toString());
      var cut = model.embedForResponse(List.of("Rome ".repeat(100))).getMetadata();
      assertThat(cut.getUsage().getPromptTokens()).isEqualTo(11); // the folder's max_seq_length
    }
  }

  /** A default method that is not overridden would call another one, or run the model unasked. */
  @Test
  void everyMethodOfTheInterfaceIsAnsweredHereInOneObservation() throws Exception {
    for (var method : EmbeddingModel.class.getMethods()) {
      if (!method.isBridge()) {
        assertThat(
                LanewiseEmbeddingModel.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass())
            .as(method.toString())
            .isEqualTo(LanewiseEmbeddingModel.class);
      }
    }
    var document = new Document("Rome");
    var calls =
        Map.<String, Consumer<LanewiseEmbeddingModel>>of(
            "call", model -> model.call(request(List.of("Rome"), null)),
            "text", model -> model.embed("Rome"),
            "texts", model -> model.embed(List.of("Rome", "Paris")),
            "response", model -> model.embedForResponse(List.of("Rome")),
            "document", model -> model.embed(document),
            "documents", model -> model.embed(List.of(document, document), null, AT_ONCE));
    for (var call : calls.entrySet()) {
      var registry = TestObservationRegistry.create();
      try (var model = observed(registry)) {
        call.getValue().accept(model);
      }
      TestObservationRegistryAssert.assertThat(registry)
          .as(call.getKey())
          .hasNumberOfObservationsEqualTo(1);
    }
  }

  private static LanewiseEmbeddingModel observed(TestObservationRegistry registry) {
    return LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
        .name("bert")
        .observationRegistry(registry)
        .build();
  }

  @Test
  void dimensionsAreKnownWithoutAForwardPass() {
    var registry = TestObservationRegistry.create();
    var meters = new SimpleMeterRegistry();
    try (var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
            .observationRegistry(registry)
            .meterRegistry(meters)
            .build()) {
      assertThat(model.dimensions()).isEqualTo(16);
      TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
      assertThat(meters.get("lanewise.tokens").counter().count()).isZero();
      assertThat(model.embed("Rome")).hasSize(16);
    }
  }

  @Test
  void observationTellsModelAndTokens() {
    var registry = TestObservationRegistry.create();
    try (var model = observed(registry)) {
      model.embed(List.of("Rome"));
      assertThatThrownBy(() -> model.call(request(Arrays.asList("Rome", null), null)))
          .isInstanceOf(InputException.class);
    }
    TestObservationRegistryAssert.assertThat(registry)
        .hasNumberOfObservationsWithNameEqualTo("gen_ai.client.operation", 2)
        .hasAnObservationWithAKeyValue("gen_ai.system", "lanewise")
        .hasAnObservationWithAKeyValue("gen_ai.request.model", "bert")
        .hasAnObservationWithAKeyValue("gen_ai.response.model", "bert")
        .hasAnObservationWithAKeyValue("gen_ai.usage.input_tokens", "3")
        .hasAnObservation(each -> each.hasError());
  }

  @Test
  void queriesAndDocumentsBeginWithTheirPrompts() {
    var queries = CoreFolder.PROMPTED.expected("{}"); // the default prompt is that of queries
    var passages = CoreFolder.PROMPTED.expected("{'prompt_name': 'passage'}");
    var texts = queries.texts();
    try (var model = load(CoreFolder.PROMPTED)) {
      assertVector(model.embed(texts.getFirst()), queries.vector(0));
      assertVector(model.embed(new Document(texts.getFirst())), passages.vector(0));
      var documents =
          texts.stream().filter(text -> !text.isBlank()).map(text -> new Document(text)).toList();
      var vectors = model.embed(documents, EmbeddingOptions.builder().build(), AT_ONCE);
      assertThat(vectors).hasSize(documents.size());
      assertVector(vectors.getFirst(), passages.vector(0));
      assertVectors(model.embedForResponse(texts), queries);
      var named = LanewiseEmbeddingOptions.builder().promptName("passage").build();
      assertVectors(model.call(request(texts, named)), passages);
    }
    try (var model =
        LanewiseEmbeddingModel.builder(CoreFolder.PROMPTED.source())
            .options(LanewiseEmbeddingOptions.builder().queryPrompt("passage: ").build())
            .build()) {
      assertVector(model.embed(texts.getFirst()), passages.vector(0));
    }
  }

  @Test
  void requestOptionsComeBeforeTheDefaults() {
    var defaults =
        LanewiseEmbeddingOptions.builder().dimensions(8).promptName("passage").queryPrompt("q: ");
    var merged =
        defaults
            .build()
            .overriddenBy(LanewiseEmbeddingOptions.builder().prompt("").dimensions(4).build());
    assertThat(merged)
        .isEqualTo(LanewiseEmbeddingOptions.builder().dimensions(4).prompt("").build());
    assertThat(defaults.build().overriddenBy(EmbeddingOptions.builder().dimensions(2).build()))
        .isEqualTo(defaults.dimensions(2).build());
    assertThatThrownBy(() -> LanewiseEmbeddingOptions.builder().prompt("a").promptName("b").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("both a prompt and the name of one");
  }

  @Test
  void dimensionsAreCutThenNormalised() {
    var whole = CoreFolder.BERT.expected("{}").vector(0);
    var text = CoreFolder.BERT.expected("{}").texts().getFirst();
    double length = 0;
    for (int i = 0; i < 4; i++) {
      length += whole[i] * whole[i];
    }
    try (var model = load(CoreFolder.BERT)) {
      var four = EmbeddingOptions.builder().dimensions(4).build();
      var cut = model.call(request(List.of(text), four)).getResult().getOutput();
      assertThat(cut).hasSize(4);
      assertThat(cut[0]).isCloseTo((float) (whole[0] / Math.sqrt(length)), within(CLOSE));
      var raw = LanewiseEmbeddingOptions.builder().dimensions(4).normalised(false).build();
      assertVector(
          model.call(request(List.of(text), raw)).getResult().getOutput(), Arrays.copyOf(whole, 4));
      var many = EmbeddingOptions.builder().dimensions(17).build();
      assertThatThrownBy(() -> model.call(request(List.of(text), many)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the model's vectors have 16 numbers");
    }
  }

  @Test
  void poolingIsChosen() {
    var options =
        LanewiseEmbeddingOptions.builder()
            .pooling(List.of(PoolingMode.CLS, PoolingMode.MEAN))
            .build();
    try (var model = load(CoreFolder.BERT)) {
      assertThat(model.call(request(List.of("Rome"), options)).getResult().getOutput()).hasSize(32);
    }
    try (var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source()).options(options).build()) {
      assertThat(model.dimensions()).isEqualTo(32);
    }
  }

  @Test
  void metadataStandBeforeTheTextWhereTheModeSaysSo() {
    var document = new Document("Rome", Map.of("film", "Italy"));
    try (var plain = load(CoreFolder.BERT);
        var full =
            LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
                .metadataMode(MetadataMode.EMBED)
                .build()) {
      assertThat(plain.getEmbeddingContent(document)).isEqualTo("Rome");
      assertThat(plain.embed(document)).isEqualTo(plain.embed("Rome"));
      assertThat(full.getEmbeddingContent(document)).isEqualTo("film: Italy\n\nRome");
      var expected = plain.embed("film: Italy\n\nRome");
      assertThat(full.embed(document)).isEqualTo(expected).isNotEqualTo(plain.embed("Rome"));
      assertThat(full.embed(List.of(document), null, AT_ONCE).getFirst()).isEqualTo(expected);
    }
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    var picture = new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/a.png"));
    try (var model = load(CoreFolder.BERT)) {
      assertThatThrownBy(() -> model.embed(new Document("7", picture, Map.of())))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the document 7 has no text");
      var other = EmbeddingOptions.builder().model("text-embedding-3-small").build();
      assertThatThrownBy(() -> model.call(request(List.of("Rome"), other)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("text-embedding-3-small");
      var prompt = LanewiseEmbeddingOptions.builder().promptName("query").build();
      assertThatThrownBy(() -> model.call(request(List.of("Rome"), prompt)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no prompt is called query");
      assertThatThrownBy(() -> model.embed((String) null))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("input 0 (counted from 0) is null");
      assertThatThrownBy(() -> model.embed(Arrays.asList((Document) null), null, AT_ONCE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("a document is null");
      assertThatThrownBy(() -> model.call(request(null, null))).isInstanceOf(InputException.class);
      var documents = List.of(new Document("Rome"), new Document("Paris"));
      assertThatThrownBy(() -> model.embed(documents, null, all -> List.of(all.subList(0, 1))))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("made 1 documents of 2");
    }
  }

  @Test
  void metersCountCallsTextsAndTokens() {
    var meters = new SimpleMeterRegistry();
    var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
            .name("bert")
            .meterRegistry(meters)
            .build();
    model.embed(List.of("Rome", "Paris"));
    assertThatThrownBy(() -> model.embed(Arrays.asList("Rome", null)))
        .isInstanceOf(InputException.class);
    var tags = List.of("task", "embedding", "model", "bert").toArray(String[]::new);
    assertThat(meters.get("lanewise.models").tags(tags).gauge().value()).isEqualTo(1);
    assertThat(meters.get("lanewise.memory.used").tags(tags).gauge().value()).isPositive();
    assertThat(meters.get("lanewise.texts").tags(tags).counter().count()).isEqualTo(2);
    assertThat(meters.get("lanewise.tokens").tags(tags).counter().count()).isEqualTo(6);
    var calls = meters.get("lanewise.calls").tags(tags);
    assertThat(calls.tag("outcome", "success").timer().count()).isEqualTo(1);
    assertThat(meters.get("lanewise.calls").tag("outcome", "InputException").timer().count())
        .isEqualTo(1);
    model.close();
    assertThat(meters.find("lanewise.models").gauge()).isNull();
  }

  @Test
  void closingWaitsForRunningCalls() throws Exception {
    var running = new CountDownLatch(1);
    var closing = new CountDownLatch(1);
    var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
            .taskOptions(
                TaskOptions.DEFAULT
                    .withBatchTokens(1)
                    .withListener(
                        (_, _) -> {
                          running.countDown();
                          await(closing); // the batches that follow find the model closing
                        }))
            .build();
    var text = "Rome is in Italy.";
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var vectors = threads.submit(() -> model.embed(Collections.nCopies(20, text)));
      running.await();
      var closed = threads.submit(model::close);
      while (model.isOpen()) {
        Thread.onSpinWait();
      }
      assertThat(closed.isDone()).isFalse();
      closing.countDown();
      assertThat(vectors.get()).hasSize(20);
      closed.get();
    }
    assertThat(model.isOpen()).isFalse();
    assertThatThrownBy(() -> model.embed(text)).isInstanceOf(ClosedException.class);
    model.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void callsEndInTime() {
    try (var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source())
            .timeout(Duration.ofNanos(1))
            .build()) {
      assertThatThrownBy(() -> model.embed("Rome")).isInstanceOf(CancelledException.class);
    }
    assertThatThrownBy(
            () -> LanewiseEmbeddingModel.builder(CoreFolder.BERT.source()).timeout(Duration.ZERO))
        .isInstanceOf(InputException.class);
  }

  @Test
  void warmsUpAndTellsItsKernels() {
    try (var model =
        LanewiseEmbeddingModel.builder(CoreFolder.BERT.source()).warmUp(true).build()) {
      assertThat(model.kernels().reasons()).isNotEmpty();
      assertThat(model.memoryUsed()).isPositive();
      assertThat(model.isOpen()).isTrue();
    }
  }
}
