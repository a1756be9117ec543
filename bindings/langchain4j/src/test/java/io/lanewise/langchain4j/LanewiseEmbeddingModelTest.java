package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.task.PoolingMode;
import io.lanewise.task.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanewiseEmbeddingModelTest {
  private static final double TOLERANCE = 1e-5;

  private static LanewiseEmbeddingModel load(Path folder) {
    return LanewiseEmbeddingModel.builder().modelPath(folder).build();
  }

  private static List<String> texts(JsonNode group) {
    var texts = new ArrayList<String>();
    group.get("inputs").forEach(each -> texts.add(each.textValue()));
    return texts;
  }

  private static EmbeddingRequest.Builder request(List<String> texts) {
    return EmbeddingRequest.builder().inputs(texts.toArray(String[]::new));
  }

  private static void assertVectors(List<Embedding> actual, JsonNode group) {
    var expected = group.get("outputs");
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      var vector = actual.get(i).vector();
      assertThat(vector).hasSize(expected.get(i).size());
      for (int j = 0; j < vector.length; j++) {
        assertThat((double) vector[j])
            .as("text %d, number %d", i, j)
            .isCloseTo(expected.get(i).get(j).doubleValue(), within(TOLERANCE));
      }
    }
  }

  @Test
  void vectorsAreThoseOfSentenceTransformers() throws IOException {
    var group = Folders.expected(Folders.EMBEDDER, 0);
    try (var model = load(Folders.EMBEDDER)) {
      assertVectors(model.embed(request(texts(group)).build()).embeddings(), group);
    }
  }

  @Test
  void queriesAndDocumentsBeginWithTheFoldersPrompts() throws IOException {
    var query = Folders.expected(Folders.EMBEDDER_WITH_PROMPTS, 0);
    var passage = Folders.expected(Folders.EMBEDDER_WITH_PROMPTS, 1);
    var texts = texts(query);
    try (var model = load(Folders.EMBEDDER_WITH_PROMPTS)) {
      var asked = request(texts).inputType(EmbeddingInputType.QUERY).build();
      assertVectors(model.embed(asked).embeddings(), query);
      var kept = request(texts).inputType(EmbeddingInputType.DOCUMENT).build();
      assertVectors(model.embed(kept).embeddings(), passage);
      assertVectors(model.embed(request(texts).build()).embeddings(), query); // the default
    }
    try (var model =
        LanewiseEmbeddingModel.builder()
            .modelPath(Folders.EMBEDDER_WITH_PROMPTS)
            .inputType(EmbeddingInputType.DOCUMENT)
            .build()) {
      assertVectors(model.embed(request(texts).build()).embeddings(), passage);
    }
  }

  @Test
  void promptsCanBeGiven() throws IOException {
    var none = Folders.expected(Folders.EMBEDDER_WITH_PROMPTS, 2);
    var passage = Folders.expected(Folders.EMBEDDER_WITH_PROMPTS, 1);
    try (var model =
        LanewiseEmbeddingModel.builder()
            .modelPath(Folders.EMBEDDER_WITH_PROMPTS)
            .queryPrompt("passage: ")
            .documentPrompt("")
            .build()) {
      var texts = texts(none);
      var asked = request(texts).inputType(EmbeddingInputType.QUERY).build();
      assertVectors(model.embed(asked).embeddings(), passage);
      var kept = request(texts).inputType(EmbeddingInputType.DOCUMENT).build();
      assertVectors(model.embed(kept).embeddings(), none);
    }
  }

  @Test
  void dimensionsAreCutAndThenNormalised() throws IOException {
    var plain = Folders.expected(Folders.EMBEDDER, 1);
    var unit = Folders.expected(Folders.EMBEDDER, 2);
    var texts = texts(unit);
    try (var model = load(Folders.EMBEDDER)) {
      assertVectors(model.embed(request(texts).dimensions(7).build()).embeddings(), unit);
    }
    try (var model =
        LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).dimensions(7).build()) {
      assertVectors(model.embed(request(texts).build()).embeddings(), unit);
      assertThat(model.dimension()).isEqualTo(7);
      assertThat(model.embed(request(texts).dimensions(3).build()).embeddings())
          .allSatisfy(each -> assertThat(each.dimension()).isEqualTo(3));
    }
    try (var model =
        LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).normalize(false).build()) {
      assertVectors(model.embed(request(texts).dimensions(7).build()).embeddings(), plain);
    }
  }

  @Test
  void moreDimensionsThanThereAreAreRefused() {
    try (var model = load(Folders.EMBEDDER)) {
      var request = request(List.of("a")).dimensions(17).build();
      assertThatThrownBy(() -> model.embed(request))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("dimensions 17")
          .hasMessageContaining("1 to 16");
    }
    var builder = LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).dimensions(17);
    assertThatThrownBy(builder::build)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dimensions 17");
  }

  @Test
  void vectorsHaveLengthOneWhereThatIsAskedFor() {
    try (var model =
            LanewiseEmbeddingModel.builder()
                .modelPath(Folders.CAPITALS)
                .normalize(true)
                .pooling(PoolingMode.CLS)
                .build();
        var plain = load(Folders.CAPITALS)) {
      var text = "The capital of France is Paris.";
      assertThat(length(model.embed(text).content())).isCloseTo(1, within(1e-5));
      assertThat(length(plain.embed(text).content())).isGreaterThan(1.5);
      assertThat(model.embed(text).content().vector()[0] * length(plain.embed(text).content()))
          .as("another pooling")
          .isNotCloseTo(plain.embed(text).content().vector()[0], within(1e-3));
    }
  }

  private static double length(Embedding embedding) {
    double sum = 0;
    for (float number : embedding.vector()) {
      sum += number * number;
    }
    return Math.sqrt(sum);
  }

  /** 4 tokens and two special ones, with a prompt of 3; and a text that is cut to 11. */
  @Test
  void tokensAreCounted() {
    var long_ = "a ".repeat(40);
    try (var model = load(Folders.EMBEDDER);
        var counter = Counters.load(Folders.EMBEDDER)) {
      int tokens = counter.count("The capital of France");
      var one = model.embed(request(List.of("The capital of France")).build());
      assertThat(tokens).isBetween(4, 9);
      assertThat(one.tokenUsage().inputTokenCount()).isEqualTo(tokens + 2);
      assertThat(one.tokenUsage().totalTokenCount()).isEqualTo(tokens + 2);
      assertThat(one.tokenUsage().outputTokenCount()).isNull();
      var both = model.embed(request(List.of("The capital of France", long_)).build());
      assertThat(both.tokenUsage().inputTokenCount()).isEqualTo(tokens + 2 + 11);
      assertThat(both.modelName()).isEqualTo("classes-bert-embed");
    }
    try (var model = load(Folders.EMBEDDER_WITH_PROMPTS);
        var counter = Counters.load(Folders.EMBEDDER_WITH_PROMPTS)) {
      var asked = request(List.of("Rome")).inputType(EmbeddingInputType.DOCUMENT).build();
      assertThat(model.embed(asked).tokenUsage().inputTokenCount())
          .isEqualTo(counter.count("passage: Rome") + 2)
          .isGreaterThan(counter.count("Rome") + 2);
    }
  }

  /** Counting with what a test does not share with the model. */
  private record Counters(LanewiseTokenCountEstimator estimator) implements AutoCloseable {
    static Counters load(Path folder) {
      return new Counters(LanewiseTokenCountEstimator.builder().modelPath(folder).build());
    }

    int count(String text) {
      return estimator.estimateTokenCountInText(text);
    }

    @Override
    public void close() {}
  }

  /**
   * The listener of the task hears of batches; each has like lengths, and no more than asked for.
   */
  @Test
  void textsGoThroughTheModelInBatchesByLength() {
    var batches = new ArrayList<Integer>();
    var options = TaskOptions.DEFAULT.withListener((_, of) -> batches.add(of));
    var texts =
        IntStream.range(0, 60).mapToObj(i -> i % 2 == 0 ? "Rome" : "a film ".repeat(4)).toList();
    try (var model =
            LanewiseEmbeddingModel.builder()
                .modelPath(Folders.EMBEDDER)
                .taskOptions(options)
                .batchTokens(10_000)
                .build();
        var small =
            LanewiseEmbeddingModel.builder()
                .modelPath(Folders.EMBEDDER)
                .taskOptions(options)
                .batchTokens(44)
                .build()) {
      var together = model.embedAll(texts.stream().map(TextSegment::from).toList()).content();
      int few = batches.size();
      assertThat(few).isLessThan(5);
      var apart = small.embedAll(texts.stream().map(TextSegment::from).toList()).content();
      assertThat(batches.size() - few).isGreaterThan(8);
      assertThat(apart).isEqualTo(together);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).as(texts.get(i)).isEqualTo(model.embed(texts.get(i)).content());
      }
    }
  }

  @Test
  void dimensionTakesNoForwardPass() {
    var batches = new ArrayList<Integer>();
    try (var model =
        LanewiseEmbeddingModel.builder()
            .modelPath(Folders.EMBEDDER)
            .taskOptions(TaskOptions.DEFAULT.withListener((_, of) -> batches.add(of)))
            .build()) {
      assertThat(model.dimension()).isEqualTo(16);
      assertThat(batches).isEmpty();
      assertThat(model.embed("Rome").content().dimension()).isEqualTo(16);
      assertThat(batches).isNotEmpty();
    }
  }

  @Test
  void whatItSaysOfItself() {
    try (var model = load(Folders.EMBEDDER)) {
      assertThat(model.provider()).isEqualTo(ModelProvider.OTHER);
      assertThat(model.modelName()).isEqualTo("classes-bert-embed");
      assertThat(model.supportedParameters())
          .containsExactlyInAnyOrder(
              EmbeddingRequestParameters.DIMENSIONS, EmbeddingRequestParameters.INPUT_TYPE);
      assertThat(model).hasToString("LanewiseEmbeddingModel of classes-bert-embed");
    }
  }

  @Test
  void whatCannotBeActedOnIsRefused() {
    try (var model = load(Folders.EMBEDDER)) {
      var other = request(List.of("a")).modelName("another").build();
      assertThatThrownBy(() -> model.embed(other))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("model");
      var image =
          EmbeddingRequest.builder().input(ImageContent.from("http://localhost/a.png")).build();
      assertThatThrownBy(() -> model.embed(image))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("IMAGE");
    }
  }

  @Test
  void listenersHearOfRequestsAnswersAndErrors() {
    var heard = new ArrayList<String>();
    var listener =
        new EmbeddingModelListener() {
          @Override
          public void onRequest(EmbeddingModelRequestContext context) {
            heard.add("request " + context.textSegments().getFirst().text());
          }

          @Override
          public void onResponse(EmbeddingModelResponseContext context) {
            heard.add("answer " + context.response().tokenUsage().inputTokenCount());
          }

          @Override
          public void onError(EmbeddingModelErrorContext context) {
            heard.add("error " + context.error().getClass().getSimpleName());
          }
        };
    try (var model =
        LanewiseEmbeddingModel.builder()
            .modelPath(Folders.EMBEDDER)
            .listeners(List.of(listener))
            .build()) {
      model.embed("Rome");
      assertThat(heard).hasSize(2).first().isEqualTo("request Rome");
      assertThat(heard.getLast()).startsWith("answer ");
      assertThatThrownBy(() -> model.embed(request(List.of("b")).dimensions(99).build()))
          .isInstanceOf(InputException.class);
      assertThat(heard).endsWith("request b", "error InputException");
    }
  }

  @Test
  void aClosedModelSaysSo() {
    var model = load(Folders.EMBEDDER);
    model.close();
    model.close();
    assertThatThrownBy(() -> model.embed("Rome"))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> model.embedAll(List.of(TextSegment.from("Rome"))))
        .isInstanceOf(ClosedException.class);
    assertThatThrownBy(model::warmUp).isInstanceOf(ClosedException.class);
  }

  @Test
  void oneModelIsNamed(@TempDir Path cache) throws IOException {
    assertThatThrownBy(() -> LanewiseEmbeddingModel.builder().build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("modelPath")
        .hasMessageContaining("modelName");
    var both = LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).modelName("a/b");
    assertThatThrownBy(both::build)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("give one of them");
    var revised = LanewiseEmbeddingModel.builder().modelPath(Folders.EMBEDDER).revision("v2");
    assertThatThrownBy(revised::build)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("modelName");
    var missing = LanewiseEmbeddingModel.builder().modelName("acme/none").hubCache(cache);
    assertThatThrownBy(missing::build)
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining("acme/none");
    var nowhere = LanewiseEmbeddingModel.builder().modelPath(cache.resolve("none"));
    assertThatThrownBy(nowhere::build)
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining("none");
  }

  @Test
  void aModelOfTheHubsCacheIsFound(@TempDir Path cache) throws IOException {
    var commit = "0123456789abcdef0123456789abcdef01234567";
    var repository = cache.resolve("models--acme--small");
    var snapshot = repository.resolve("snapshots").resolve(commit);
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs/main"), commit);
    Folders.copy(Folders.EMBEDDER, snapshot);
    try (var model =
        LanewiseEmbeddingModel.builder().modelName("acme/small").hubCache(cache).build()) {
      assertThat(model.modelName()).isEqualTo("acme/small");
      assertThat(model.embed("Rome").content().dimension()).isEqualTo(16);
    }
    var wrong =
        LanewiseEmbeddingModel.builder().modelName("acme/small").revision("v2").hubCache(cache);
    assertThatThrownBy(wrong::build)
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining("v2");
  }
}
