package io.lanewise.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.task.LateReranker;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text has the vectors that it has alone, whatever it is batched with: padding changes none. */
class EmbedderLawsTest {
  private static final Path FOLDERS = Path.of("src/test/resources/families");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(2);
  private static final List<String> TEXTS =
      List.of(
          "paris",
          "the sky is blue , and the rain began to eat pizza in rome with the fork of italy",
          "",
          "is the film in rome , italy ! or in madrid , spain ?",
          "paris");

  private static void same(float[] alone, float[] batched) {
    assertThat(batched).hasSameSizeAs(alone);
    for (int i = 0; i < alone.length; i++) {
      assertThat(batched[i]).as("number %d", i).isCloseTo(alone[i], within(2e-6f));
    }
  }

  private static <V> void check(Function<List<String>, List<V>> all, Function<V, float[]> numbers) {
    var batched = all.apply(TEXTS);
    assertThat(batched).hasSameSizeAs(TEXTS);
    for (int i = 0; i < TEXTS.size(); i++) {
      var alone = all.apply(List.of(TEXTS.get(i))).getFirst();
      same(numbers.apply(alone), numbers.apply(batched.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"splade_max", "splade_sum", "splade_plain", "sparse_router", "bge_m3"})
  void sparse(String name) {
    try (var embedder = SparseEmbedder.load(FOLDERS.resolve("embedder_" + name), OPTIONS)) {
      check(embedder.forQueries()::predictAll, SparseVector::weights);
      check(embedder.forDocuments()::predictAll, SparseVector::weights);
      var all = embedder.forDocuments().predictAll(TEXTS);
      var three = embedder.forDocuments().withTop(3).predictAll(TEXTS);
      for (int i = 0; i < all.size(); i++) {
        assertThat(three.get(i).size()).isEqualTo(Math.min(3, all.get(i).size()));
        int[] places = all.get(i).byWeight();
        for (int j = 0; j < three.get(i).size(); j++) {
          assertThat(three.get(i).indices()).contains(all.get(i).indices()[places[j]]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"colbert_stanford", "colbert_pylate", "multi_vector", "bge_m3"})
  void late(String name) {
    try (var reranker = LateReranker.load(FOLDERS.resolve("embedder_" + name), OPTIONS)) {
      check(reranker::queryVectors, Tensor::floats);
      check(reranker::documentVectors, Tensor::floats);
      var ranked = reranker.withTop(2).predict("capital of france", TEXTS);
      var alone = reranker.predict("capital of france", TEXTS.subList(1, 2)).getFirst();
      assertThat(ranked).hasSize(2);
      assertThat(ranked.getFirst().score()).isGreaterThanOrEqualTo(ranked.getLast().score());
      assertThat(reranker.predict("capital of france", TEXTS))
          .filteredOn(each -> each.index() == 1)
          .singleElement()
          .satisfies(each -> assertThat(each.score()).isCloseTo(alone.score(), within(1e-5f)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pooling_list", "dense_activations", "bge_m3"})
  void dense(String name) {
    try (var embedder = Embedder.load(FOLDERS.resolve("embedder_" + name), OPTIONS)) {
      check(embedder::predictAll, embedding -> embedding.values());
    }
  }
}
