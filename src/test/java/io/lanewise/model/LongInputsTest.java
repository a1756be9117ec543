package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.MemoryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that grows with the tokens, not with their square; counted, not timed. */
class LongInputsTest {
  /**
   * Of a model with 20 numbers to a token. One number for each pair of 1,024 tokens takes it all.
   */
  private static final int BYTES_OF_A_TOKEN = 4 << 10;

  /** ModernBERT, with two global layers and two local ones. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 8192})
  void eightTimesTheTokensTakeEightTimesTheMemory(int tokens) {
    var config = TinyRotary.MODERNBERT.config().with("max_position_embeddings", 8192);
    var budget = MemoryBudget.of((long) tokens * BYTES_OF_A_TOKEN);
    var options =
        Options.DEFAULT
            .withBackend(Backends.hereOrAuto(KernelChoice.VECTOR))
            .withThreads(2)
            .withMemory(budget);
    try (var model = Model.random(config, options)) {
      var states = model.forward(Inputs.ids(TinyModel.ids(1, 1, tokens))).tensors();
      assertThat(states.get("last_hidden_state").shape().size(1)).isEqualTo(tokens);
      var more = Inputs.ids(TinyModel.ids(1, 16, tokens)); // what the budget counts
      assertThatThrownBy(() -> model.forward(more)).isInstanceOf(MemoryException.class);
    }
  }
}
