package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.golden.SavedModels;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forward passes with dropout, for every family. */
@Timeout(300)
class TrainingTest {
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);
  private static final List<String> RATES =
      List.of(
          "hidden_dropout_prob",
          "attention_probs_dropout_prob",
          "classifier_dropout",
          "classifier_dropout_prob",
          "dropout",
          "attention_dropout",
          "activation_dropout",
          "qa_dropout",
          "seq_classif_dropout",
          "embedding_dropout",
          "mlp_dropout",
          "summary_first_dropout",
          "summary_last_dropout");

  /** Without DeBERTa with distances, which refuses to drop: DebertaLawsTest. */
  static List<SavedModels.Case> heads() {
    return SavedModels.cases().stream()
        .filter(given -> given.edits().equals(Edits.NONE))
        .filter(given -> !given.config().bool("relative_attention", false))
        .toList();
  }

  private static Config withRates(Config config, double rate) {
    var changed = config;
    for (var key : RATES) {
      changed = changed.with(key, rate);
    }
    return changed;
  }

  private static Model model(SavedModels.Case given, double rate, int threads) {
    var options = OPTIONS.withHead(given.head()).withThreads(threads);
    return Model.random(withRates(given.config(), rate), options);
  }

  @ParameterizedTest
  @MethodSource("heads")
  void withoutRatesItIsInferenceBitForBit(SavedModels.Case given) {
    var inputs = SavedModels.inputs(given);
    try (var model = model(given, 0, 1)) {
      assertThat(model.forwardInTraining(1, inputs).tensors())
          .isEqualTo(model.forward(inputs).tensors());
    }
  }

  /** With rates at which nothing happens to be dropped, attention takes the other way round. */
  @ParameterizedTest
  @MethodSource("heads")
  void whereNothingIsDroppedItIsInference(SavedModels.Case given) {
    var inputs = SavedModels.inputs(given);
    try (var model = model(given, 1e-15, 1)) {
      var expected = model.forward(inputs, Keep.ATTENTIONS).tensors();
      var actual = model.forwardInTraining(1, inputs, Keep.ATTENTIONS).tensors();
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (name, tensor) ->
              assertThat(actual.get(name).floats())
                  .as(name)
                  .containsExactly(tensor.floats(), within(2e-5f)));
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void aSeedSaysWhatIsDropped(SavedModels.Case given) {
    var inputs = SavedModels.inputs(given);
    try (var model = model(given, 0.4, 1);
        var threaded = model(given, 0.4, 3)) {
      var one = model.forwardInTraining(1, inputs).tensors();
      assertThat(model.forwardInTraining(1, inputs).tensors()).isEqualTo(one);
      assertThat(threaded.forwardInTraining(1, inputs).tensors()).isEqualTo(one);
      assertThat(model.forwardInTraining(2, inputs).tensors()).isNotEqualTo(one);
      assertThat(model.forward(inputs).tensors()).isNotEqualTo(one);
    }
  }

  /** A row of probabilities loses the expected share, and keeps its sum on average. */
  @Test
  void attentionLosesItsRate() {
    var config =
        TinyBert.BERT
            .config()
            .with("hidden_dropout_prob", 0)
            .with("attention_probs_dropout_prob", 0.25)
            .with("max_position_embeddings", 128);
    try (var model = Model.random(config, OPTIONS)) {
      var ids = Tensor.of(new long[4 * 128], 4, 128);
      var inputs = Inputs.of(Map.of("input_ids", ids));
      var output = model.forwardInTraining(5, inputs, Keep.ATTENTIONS);
      var dropped = output.attentions().getFirst().floats();
      var whole = model.forward(inputs, Keep.ATTENTIONS).attentions().getFirst().floats();
      int zeros = 0;
      double sum = 0;
      for (int i = 0; i < dropped.length; i++) {
        sum += dropped[i];
        if (dropped[i] == 0) {
          zeros++;
        } else {
          assertThat(dropped[i]).isCloseTo(whole[i] / 0.75f, within(1e-6f));
        }
      }
      double count = dropped.length; // 4 * 5 * 128 * 128
      double deviation = Math.sqrt(0.25 * 0.75 / count);
      assertThat(zeros / count).isCloseTo(0.25, within(5 * deviation));
      double rows = count / 128;
      assertThat(sum / rows).isCloseTo(1, within(0.02));
    }
  }

  @Test
  void aRateThatIsNoneIsToldByName() {
    var config = TinyBert.BERT.config().with("hidden_dropout_prob", 1.5);
    try (var model = Model.random(config, OPTIONS)) {
      var inputs = Inputs.ids(new long[][] {{1, 2}});
      assertThatThrownBy(() -> model.forwardInTraining(1, inputs))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("hidden_dropout_prob");
    }
  }
}
