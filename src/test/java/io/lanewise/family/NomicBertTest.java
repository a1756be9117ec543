package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyRotary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What NomicBERT refuses, because the published code would answer by the rows beside. */
class NomicBertTest {
  private static final Options OPTIONS =
      Options.DEFAULT.withHead(Head.MODEL).withBackend(KernelChoice.SCALAR).withThreads(1);

  @Test
  void beyondItsTrainingPaddingIsRefused() {
    var config =
        TinyRotary.NOMIC.config().with("rotary_scaling_factor", 2).with("max_trained_positions", 4);
    long[][] ids = {{2, 3, 4, 5, 6}, {7, 8, 9, 10, 11}};
    long[][] seen = {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 0}};
    try (var model = Model.random(config, OPTIONS)) {
      assertThatThrownBy(() -> model.forward(Inputs.ids(ids).with("attention_mask", seen)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("attention_mask")
          .hasMessageContaining("max_trained_positions 4");
      var both = model.forward(Inputs.ids(ids)).tensors().get("last_hidden_state");
      var alone = model.forward(Inputs.ids(new long[][] {ids[1]})).tensors();
      assertThat(alone.get("last_hidden_state").row(0, 2)).isEqualTo(both.row(1, 2));
      long[][] four = {{2, 3, 4, 5}, {7, 8, 9, 10}};
      long[][] three = {{1, 1, 1, 1}, {1, 1, 1, 0}};
      model.forward(Inputs.ids(four).with("attention_mask", three));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prenorm, true",
    "parallel_block, true",
    "causal, true",
    "use_rms_norm, true",
    "rotary_emb_scale_base, 512",
    "rope_parameters, true",
    "intermediate_size, 14",
    "rotary_emb_fraction, 0.8",
  })
  void whatIsNotBuiltIsRefusedByName(String key, String value) {
    Object setting = value.equals("true") ? (Object) true : (Object) Double.valueOf(value);
    var config = TinyRotary.NOMIC.config().with(key, setting);
    assertThatThrownBy(() -> Model.random(config, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key);
  }
}
