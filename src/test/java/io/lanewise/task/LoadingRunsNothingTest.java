package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.MemoryException;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.MemoryBudget;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task learns from the files what it needs to know of a model: none is run for it. */
class LoadingRunsNothingTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");

  /** No forward pass fits into so little memory. */
  private static Options without() {
    return Options.DEFAULT.withMemory(MemoryBudget.of(1));
  }

  @Test
  void anEmbedderKnowsItsWidth() {
    try (var embedder = Embedder.load(TASKS.resolve("classes-bert-embed"), without())) {
      assertThat(embedder.size()).isPositive();
      assertThatThrownBy(() -> embedder.predict("a")).isInstanceOf(MemoryException.class);
    }
  }

  @Test
  void theOrderOfSentencesIsAlbertsAlone() {
    try (var order = SentenceOrder.load(TASKS.resolve("classes-albert-order"), without())) {
      assertThatThrownBy(() -> order.predict(TextPair.of("a", "b")))
          .isInstanceOf(MemoryException.class);
    }
    for (var other : new String[] {"classes-bert-next", "classes-nezha-next"}) {
      var options = without().withAllowNewHead(true);
      assertThatThrownBy(() -> SentenceOrder.load(TASKS.resolve(other), options))
          .hasMessageContaining("gives no sop_logits");
    }
  }

  /** What the model says beforehand is what comes out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "classes-albert-choose",
        "classes-bart-labels",
        "classes-bert-labels",
        "classes-longformer-labels",
        "classes-nezha-labels",
        "classes-roberta-rerank"
      })
  void theWidthOfTheStatesIsKnown(String folder) {
    var options = Options.DEFAULT.withHead(Head.MODEL);
    try (var model = Model.load(TASKS.resolve(folder), options)) {
      var output = (Output.Base) model.forward(Inputs.ids(new long[][] {{5, 6, 7}}));
      assertThat(model.hiddenSize()).isEqualTo(output.lastHiddenState().shape().size(2));
    }
  }
}
