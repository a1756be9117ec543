package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models of weights that the caller holds. */
class GivenWeightsTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");
  private static final Inputs IDS = Inputs.ids(new long[][] {{2, 14, 23, 3}});
  private static final String BIAS = "predictions.bias";

  private static Map<String, Tensor> weights() {
    return new HashMap<>(Safetensors.read(DEMO.resolve("model.safetensors")));
  }

  private static Output run(Map<String, Tensor> weights) {
    try (var model = Model.of(Checkpoint.config(DEMO), weights, Options.DEFAULT)) {
      return model.forward(IDS);
    }
  }

  @Test
  void theyGiveWhatTheirFileGives() {
    try (var model = Model.load(DEMO, Options.DEFAULT)) {
      assertThat(run(weights()).tensors()).isEqualTo(model.forward(IDS).tensors());
    }
  }

  @Test
  void otherWeightsGiveOtherNumbers() {
    var weights = weights();
    var bias = weights.get(BIAS).floats().clone();
    bias[7] += 1;
    weights.put(BIAS, Tensor.of(bias, bias.length));
    var before = ((Output.PreTraining) run(weights())).predictionLogits();
    var after = ((Output.PreTraining) run(weights)).predictionLogits();
    assertThat(after.at(0, 1, 7) - before.at(0, 1, 7)).isBetween(0.9999f, 1.0001f);
    assertThat(after.at(0, 1, 8)).isEqualTo(before.at(0, 1, 8));
  }

  @Test
  void aMissingOneIsNamed() {
    var weights = weights();
    weights.remove(BIAS);
    assertThatThrownBy(() -> run(weights))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(BIAS);
  }
}
