package io.lanewise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class EmbeddingModelFromSettingsTest {
  private static final String MODEL = "lanewise.embedding.model";

  private static Properties properties(String... keysAndValues) {
    var properties = new Properties();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.setProperty(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }

  private static void embeds(EmbeddingModelFromSettings settings, int dimension) {
    try (var model = (LanewiseEmbeddingModel) settings.create()) {
      assertThat(model.embed("Rome").content().dimension()).isEqualTo(dimension);
    }
  }

  @Test
  void langChain4jFindsIt() {
    assertThat(ServiceLoader.load(EmbeddingModelFactory.class))
        .singleElement()
        .isInstanceOf(EmbeddingModelFromSettings.class);
    var store = new InMemoryEmbeddingStore<TextSegment>();
    System.setProperty(MODEL, Folders.EMBEDDER.toString());
    try {
      EmbeddingStoreIngestor.ingest(List.of(Document.from("Rome"), Document.from("Paris")), store);
    } finally {
      System.clearProperty(MODEL);
    }
    assertThat(store.serializeToJson()).contains("Rome", "Paris");
  }

  @Test
  void thePropertyComesBeforeTheVariable() {
    var variables = Map.of("LANEWISE_EMBEDDING_MODEL", Folders.EMBEDDER_WITH_PROMPTS.toString());
    embeds(new EmbeddingModelFromSettings(new Properties(), variables), 9);
    embeds(
        new EmbeddingModelFromSettings(properties(MODEL, Folders.EMBEDDER.toString()), variables),
        16);
  }

  @Test
  void theOtherSettingsCount() {
    var model = Folders.EMBEDDER.toString();
    var given =
        properties(
            MODEL,
            model,
            "lanewise.embedding.precision",
            "bf16",
            "lanewise.embedding.threads",
            "1");
    try (var narrow =
            (LanewiseEmbeddingModel) new EmbeddingModelFromSettings(given, Map.of()).create();
        var full = LanewiseEmbeddingModel.builder().modelPath(model).build()) {
      assertThat(narrow.embed("Rome").content()).isNotEqualTo(full.embed("Rome").content());
    }
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    assertThatThrownBy(() -> new EmbeddingModelFromSettings(properties(), Map.of()).create())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(MODEL)
        .hasMessageContaining("LANEWISE_EMBEDDING_MODEL");
    var model = Folders.EMBEDDER.toString();
    for (var wrong : List.of("precision=fp64", "threads=-1", "threads=many")) {
      var parts = wrong.split("=", 2);
      var given = properties(MODEL, model, "lanewise.embedding." + parts[0], parts[1]);
      assertThatThrownBy(() -> new EmbeddingModelFromSettings(given, Map.of()).create())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("lanewise.embedding." + parts[0])
          .hasMessageContaining(parts[1]);
    }
    var nowhere = properties(MODEL, "acme/no-such-model");
    assertThatThrownBy(() -> new EmbeddingModelFromSettings(nowhere, Map.of()).create())
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining("acme/no-such-model");
    var revision = properties(MODEL, model, "lanewise.embedding.revision", "v2");
    assertThatThrownBy(() -> new EmbeddingModelFromSettings(revision, Map.of()).create())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("revision");
  }
}
