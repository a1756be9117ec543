package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.Losses;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Dropout;
import io.lanewise.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElectraTest {
  private static final Inputs IDS = Inputs.ids(new long[][] {{2, 3, 4}, {5, 6, 7}});

  private static Options head(Head head) {
    return Options.DEFAULT.withHead(head);
  }

  @Test
  void lossIsOfTheTokensThatAreSeen() {
    try (var model = TinyBert.ELECTRA.encoder(head(Head.PRE_TRAINING))) {
      var inputs =
          IDS.with("attention_mask", new long[][] {{1, 1, 0}, {1, 0, 0}})
              .with("labels", new long[][] {{1, 0, 1}, {1, 1, 0}});
      var output = model.forward(inputs).tensors();
      var logits = output.get("logits").floats();
      assertThat(output.get("logits").shape().dims()).containsExactly(2, 3);
      double expected =
          Losses.binaryCrossEntropy(
              new float[] {logits[0], logits[1], logits[3]}, new float[] {1, 0, 1});
      assertThat(output.get("loss").floats()[0]).isCloseTo((float) expected, within(1e-6f));
    }
  }

  @Test
  void lossWithoutAnyTokenIsNoNumber() {
    try (var model = TinyBert.ELECTRA.encoder(head(Head.PRE_TRAINING))) {
      var inputs =
          IDS.with("attention_mask", new long[2][3])
              .with("labels", new long[][] {{1, 0, 1}, {1, 1, 0}});
      assertThat(model.forward(inputs).loss().orElseThrow().floats()[0]).isNaN();
    }
  }

  @Test
  void lossNeedsOneMaskForASequence() {
    try (var model = TinyBert.ELECTRA.encoder(head(Head.PRE_TRAINING))) {
      var inputs =
          IDS.with("attention_mask", Tensor.of(new float[18], 2, 3, 3))
              .with("labels", new long[2][3]);
      assertThatThrownBy(() -> model.forward(inputs))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("labels: an attention_mask with a row for each token");
    }
  }

  @Test
  void theGeneratorLooksAtNoEncoder() {
    try (var model = TinyBert.ELECTRA.decoder(true, head(Head.MASKED_LM))) {
      var states = Tensor.of(new float[2 * 4 * TinyBert.HIDDEN], 2, 4, TinyBert.HIDDEN);
      assertThatThrownBy(() -> model.forward(IDS.with("encoder_hidden_states", states)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("encoder_hidden_states: no input of ElectraForMaskedLM");
    }
  }

  @Test
  void refusesSummariesThatHuggingFaceHasNot() {
    for (var type : new String[] {"attn", "longest"}) {
      var config = TinyBert.ELECTRA.config().with("summary_type", type);
      assertThatThrownBy(() -> Model.random(config, head(Head.MULTIPLE_CHOICE)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("summary_type");
    }
  }

  /** The last position counts, padding or not, and so does each in the mean. */
  @Test
  void summariesCountThePadding() {
    var ids = Tensor.of(new long[] {2, 3, 4, 5, 6, 7}, 1, 2, 3);
    var mask = Tensor.of(new long[] {1, 1, 0, 1, 1, 0}, 1, 2, 3);
    for (var type : new String[] {"last", "cls_index", "mean"}) {
      var config = TinyBert.ELECTRA.config().with("summary_type", type);
      try (var model = Model.random(config, head(Head.MULTIPLE_CHOICE))) {
        var inputs = Inputs.of(Map.of("input_ids", ids, "attention_mask", mask));
        var other = Tensor.of(new long[] {2, 3, 9, 5, 6, 9}, 1, 2, 3);
        assertThat(model.forward(inputs.with("input_ids", other)).tensors().get("logits").floats())
            .isNotEqualTo(model.forward(inputs).tensors().get("logits").floats());
      }
    }
  }

  @Test
  void choicesDropWhatTheirSummarySays() {
    var config =
        TinyBert.ELECTRA
            .config()
            .with("hidden_dropout_prob", 0.2)
            .with("attention_probs_dropout_prob", 0.3)
            .with("classifier_dropout", 0.4)
            .with("summary_last_dropout", 0.5);
    assertThat(rates(Head.MULTIPLE_CHOICE, config))
        .isEqualTo(new Dropout.Rates(0.2, 0.2, 0.3, 0, 0, 0.5));
    assertThat(rates(Head.SEQUENCE_CLASSIFICATION, config))
        .isEqualTo(new Dropout.Rates(0.2, 0.2, 0.3, 0, 0.4, 0.4));
  }

  private static Dropout.Rates rates(Head head, Config config) {
    var plan = Electra.TYPE.head(head).with(null);
    return new Electra(null, 0, null, null, plan).dropout(config);
  }
}
