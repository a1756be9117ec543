package io.lanewise.family.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the decoders of BERT's family take, and what they say of all else. */
class DecoderInputsTest {
  private static final Inputs TWO = Inputs.ids(new long[][] {{2, 3}});

  private static Options head(Head head) {
    return Options.DEFAULT.withHead(head);
  }

  private static Tensor states(int batch, int tokens) {
    return Tensor.of(new float[batch * tokens * TinyBert.HIDDEN], batch, tokens, TinyBert.HIDDEN);
  }

  private static void refuses(Model model, Inputs inputs, String message) {
    assertThatThrownBy(() -> model.forward(inputs))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void crossAttentionIsOfDecodersOnly() {
    var config = TinyBert.BERT.config().with("add_cross_attention", true);
    assertThatThrownBy(() -> Model.random(config, Options.DEFAULT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("add_cross_attention")
        .hasMessageContaining("is_decoder");
  }

  @Test
  void encoderStatesNeedCrossAttention() {
    try (var model = TinyBert.ROBERTA.decoder(false, head(Head.CAUSAL_LM))) {
      refuses(
          model,
          TWO.with("encoder_hidden_states", states(1, 4)),
          "encoder_hidden_states: no input of RobertaForCausalLM");
    }
  }

  @Test
  void encoderStatesFitTheModel() {
    try (var model = TinyBert.BERT.decoder(true, head(Head.MODEL))) {
      refuses(model, TWO.with("encoder_hidden_states", states(3, 4)), "encoder_hidden_states");
      refuses(
          model,
          TWO.with("encoder_attention_mask", new long[][] {{1, 1}}),
          "encoder_attention_mask: encoder_hidden_states is missing");
      var masked =
          TWO.with("encoder_hidden_states", states(1, 4))
              .with("encoder_attention_mask", new long[][] {{1, 1}});
      refuses(model, masked, "encoder_attention_mask: its shape is [1, 2]");
    }
  }

  @Test
  void distancesToAnEncoderEndWithThePositions() {
    try (var model = TinyBert.NEZHA.decoder(true, head(Head.MODEL))) {
      int longest = TinyBert.POSITIONS;
      model.forward(TWO.with("encoder_hidden_states", states(1, longest)));
      refuses(
          model,
          TWO.with("encoder_hidden_states", states(1, longest + 1)),
          "encoder_hidden_states: 19 tokens are too many");
    }
  }

  @Test
  void pastAndTokensTogetherEndWithThePositions() {
    try (var model = TinyBert.ROBERTA.decoder(false, head(Head.CAUSAL_LM));
        var cache = model.newCache()) {
      var most = Inputs.ids(TinyBert.ids(new Random(1), 1, TinyBert.LONGEST - 1));
      model.forward(most, cache);
      assertThatThrownBy(() -> model.forward(TWO, cache))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("2 tokens after 15 cached ones are too many: 16 fit");
      model.forward(Inputs.ids(new long[][] {{2}}), cache);
      assertThat(cache.tokens()).isEqualTo(16);
    }
  }

  @Test
  void anEncoderHasNoPast() {
    try (var model = TinyBert.BERT.encoder(head(Head.MODEL))) {
      assertThatThrownBy(model::newCache).isInstanceOf(InputException.class);
      var output = model.forward(TWO, Keep.PAST_KEY_VALUES);
      assertThat(output.tensors().keySet()).noneMatch(name -> name.startsWith("past"));
    }
  }

  @Test
  void aPastWithAnEncoderNeedsCrossAttention() {
    try (var cross = TinyBert.BERT.decoder(true, head(Head.MODEL));
        var plain = TinyBert.BERT.decoder(false, head(Head.MODEL));
        var cache = cross.newCache()) {
      cross.forward(TWO.with("encoder_hidden_states", states(1, 4)), cache);
      assertThatThrownBy(() -> plain.forward(TWO, cache))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cross_key");
    }
  }

  @Test
  void theOlderNameOfTheSentenceLabel() {
    try (var model = TinyBert.BERT.encoder(head(Head.NEXT_SENTENCE_PREDICTION))) {
      var label = Tensor.of(new long[] {1}, 1);
      var older = model.forward(TWO.with("next_sentence_label", label));
      assertThat(older.loss()).isNotNull();
      assertThat(older.loss()).isEqualTo(model.forward(TWO.with("labels", label)).loss());
    }
  }

  @Test
  void headsThatAFamilyLacks() {
    for (var head : new Head[] {Head.PRE_TRAINING, Head.NEXT_SENTENCE_PREDICTION}) {
      assertThatThrownBy(() -> TinyBert.ROBERTA.encoder(head(head)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("roberta has no head");
    }
    assertThatThrownBy(() -> TinyBert.NEZHA.decoder(false, head(Head.CAUSAL_LM)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nezha has no head ForCausalLM");
  }
}
