package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.InputException;
import io.lanewise.family.head.Losses;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Dropout;
import io.lanewise.tensor.Tensor;
import org.junit.jupiter.api.Test;

class XlmRobertaXlTest {
  private static final Inputs IDS = Inputs.ids(new long[][] {{2, 3, 4}, {5, 6, 7}});
  private static final Options TOKENS = Options.DEFAULT.withHead(Head.TOKEN_CLASSIFICATION);

  /** Other families count the labels of the padding too. */
  @Test
  void lossIsOfTheTokensThatAreSeen() {
    try (var model = TinyBert.XLM_ROBERTA_XL.encoder(TOKENS)) {
      var inputs =
          IDS.with("attention_mask", new long[][] {{1, 1, 0}, {1, 0, 0}})
              .with("labels", new long[][] {{1, -100, 1}, {0, 1, 0}});
      var output = model.forward(inputs).tensors();
      int[] labels = {1, -100, -100, 0, -100, -100};
      double expected = Losses.crossEntropy(output.get("logits").floats(), 2, labels, -100);
      assertThat(output.get("loss").floats()[0]).isCloseTo((float) expected, within(1e-6f));
      var pairs =
          IDS.with("attention_mask", Tensor.of(new float[18], 2, 3, 3))
              .with("labels", new long[2][3]);
      assertThatThrownBy(() -> model.forward(pairs))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("labels: an attention_mask with a row for each token");
    }
  }

  /** Hugging Face gives the last one behind the norm, and the others before any. */
  @Test
  void theLastHiddenStateIsNormalised() {
    try (var model = TinyBert.XLM_ROBERTA_XL.encoder(Options.DEFAULT.withHead(Head.MODEL))) {
      var output = model.forward(IDS, Keep.HIDDEN_STATES).tensors();
      assertThat(output.get("hidden_states." + TinyBert.LAYERS))
          .isEqualTo(output.get("last_hidden_state"));
    }
  }

  @Test
  void dropsNothingOfTheFeedForwardLayers() {
    var config =
        TinyBert.XLM_ROBERTA_XL
            .config()
            .with("hidden_dropout_prob", 0.2)
            .with("attention_probs_dropout_prob", 0.3)
            .with("classifier_dropout", 0.4);
    var plan = XlmRobertaXl.TYPE.head(Head.SEQUENCE_CLASSIFICATION).with(null);
    assertThat(new XlmRobertaXl(null, 1, null, plan).dropout(config))
        .isEqualTo(new Dropout.Rates(0.2, 0, 0.3, 0, 0.4, 0.4));
  }
}
