package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.memory.Region;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Dropout;
import org.junit.jupiter.api.Test;

class DistilBertTest {
  private static final Inputs TWO = Inputs.ids(new long[][] {{2, 3}, {4, 5}});

  private static float[] state(Model model, Inputs inputs) {
    return model.forward(inputs).tensors().get("last_hidden_state").floats();
  }

  @Test
  void takesNeitherTypesNorPositions() {
    try (var model = TinyBert.DISTILBERT.encoder(Options.DEFAULT)) {
      for (var name : new String[] {"token_type_ids", "position_ids"}) {
        assertThatThrownBy(() -> model.forward(TWO.with(name, new long[][] {{0, 1}, {0, 1}})))
            .isInstanceOf(InputException.class)
            .hasMessageContaining(name + ": no input of DistilBertModel");
      }
    }
  }

  @Test
  void tokenThatCountsInPartIsSeen() {
    try (var model = TinyBert.DISTILBERT.encoder(Options.DEFAULT)) {
      var part = TWO.with("attention_mask", new float[][] {{1, 0.25f}, {0.5f, 1}});
      var none = TWO.with("attention_mask", new float[][] {{1, 0}, {0, 1}});
      assertThat(state(model, part)).containsExactly(state(model, TWO));
      assertThat(state(model, none)).isNotEqualTo(state(model, TWO));
      var wrong = TWO.with("attention_mask", new float[][] {{1, 7}, {1, 1}});
      assertThatThrownBy(() -> model.forward(wrong))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("attention_mask: 7.0");
    }
  }

  @Test
  void computesTheSinesAndCosines() {
    try (var region = Region.open()) {
      var table = DistilBert.sinusoidal(region, 3, 4).table();
      assertThat(table.toArray())
          .containsExactly(
              new float[] {
                0,
                1,
                0,
                1,
                0.841471f,
                0.540302f,
                0.00999983f,
                0.99995f,
                0.909297f,
                -0.416147f,
                0.0199987f,
                0.9998f
              },
              within(1e-6f));
    }
  }

  @Test
  void boundsTheTableThatNoFileBounds() {
    var config =
        TinyBert.DISTILBERT
            .config()
            .with("sinusoidal_pos_embds", true)
            .with("max_position_embeddings", 1 << 24);
    assertThatThrownBy(() -> Model.random(config, Options.DEFAULT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("max_position_embeddings");
  }

  @Test
  void headsDivideTheSize() {
    var config = TinyBert.DISTILBERT.config().with("n_heads", 3);
    config = config.with("num_attention_heads", null);
    var uneven = config;
    assertThatThrownBy(() -> Model.random(uneven, Options.DEFAULT))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("n_heads");
  }

  @Test
  void eachHeadDropsAtItsOwnRate() {
    var config =
        TinyBert.DISTILBERT
            .config()
            .with("dropout", 0.1)
            .with("attention_dropout", 0.2)
            .with("qa_dropout", 0.3)
            .with("seq_classif_dropout", 0.4);
    assertThat(rates(Head.QUESTION_ANSWERING, config).classifier()).isEqualTo(0.3);
    assertThat(rates(Head.TOKEN_CLASSIFICATION, config).classifier()).isEqualTo(0.1);
    assertThat(rates(Head.MULTIPLE_CHOICE, config))
        .isEqualTo(new Dropout.Rates(0.1, 0, 0.1, 0.2, 0, 0, 0.4));
  }

  private static Dropout.Rates rates(Head head, Config config) {
    var plan = DistilBert.TYPE.head(head).with(null);
    return new DistilBert(null, null, plan).dropout(config);
  }
}
