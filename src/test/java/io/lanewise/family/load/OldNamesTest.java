package io.lanewise.family.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.generate.Generator;
import io.lanewise.json.Json;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Names of settings that Hugging Face's config classes still read, and nulls that mean a thing. */
class OldNamesTest {
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);
  private static final Options BART = OPTIONS.withHead(Head.CONDITIONAL_GENERATION);
  private static final Inputs INPUTS = Inputs.ids(new long[][] {{5, 6, 7}});

  private static Map<String, Tensor> results(Config config, Options options) {
    try (var model = Model.random(config, options)) {
      return model.forward(INPUTS).tensors();
    }
  }

  /** Both names of {@code BartConfig.attribute_map}; where a file has both, the old one counts. */
  @Test
  void bartHasTheNamesOfTheOtherFamilies() {
    var config = TinyBart.config();
    var expected = results(config, BART);
    var tree = config.tree();
    var old =
        config
            .with("d_model", null)
            .with("encoder_attention_heads", null)
            .with("hidden_size", tree.get("d_model"))
            .with("num_attention_heads", tree.get("encoder_attention_heads"));
    assertThat(results(old, BART)).isEqualTo(expected);
    assertThat(results(old.with("d_model", 12), BART)).isEqualTo(expected);
    try (var model = Model.random(old, BART)) {
      assertThat(model.config().integer("d_model", 0)).isEqualTo(TinyBart.HIDDEN);
    }
  }

  private static int forced(Config config) {
    try (var model = Model.random(config, BART)) {
      return Generator.of(model).config().tokens().forcedFirst();
    }
  }

  @Test
  void bartMayBeToldToBeginWithItsFirstToken() {
    var key = "force_bos_token_to_be_generated";
    var config = TinyBart.config().with("bos_token_id", 4);
    assertThat(forced(config)).isEqualTo(-1);
    assertThat(forced(config.with(key, false))).isEqualTo(-1);
    assertThat(forced(config.with(key, true))).isEqualTo(4);
    assertThat(forced(config.with(key, true).with("forced_bos_token_id", 5))).isEqualTo(5);
    assertThat(forced(config.with("bos_token_id", null).with(key, true))).isEqualTo(0);
    var none = config.with("bos_token_id", NullNode.instance);
    assertThat(forced(none.with(key, true))).isEqualTo(-1);
    assertThatThrownBy(() -> forced(config.with(key, "yes")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key);
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    var tied = TinyBart.config().with("tie_encoder_decoder", true);
    assertThatThrownBy(() -> Model.random(tied, BART))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tie_encoder_decoder");
    var nowhere = TinyBert.BERT.config().with("position_embedding_type", NullNode.instance);
    assertThatThrownBy(() -> Model.random(nowhere, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("position_embedding_type");
    try (var model = Model.random(TinyBart.config().with("is_encoder_decoder", false), BART)) {
      assertThatThrownBy(() -> Generator.of(model).generate(INPUTS))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is_encoder_decoder");
    }
  }

  /** {@code null} is no truth in Python. */
  @Test
  void wordsAreNotTiedByNull() {
    var options = OPTIONS.withHead(Head.MASKED_LM);
    var config = TinyBert.BERT.config();
    var untied = results(config.with("tie_word_embeddings", false), options);
    var none = config.with("tie_word_embeddings", NullNode.instance);
    assertThat(results(none, options)).isEqualTo(untied).isNotEqualTo(results(config, options));
  }

  /** What versions before 4 wrote and today's classes leave alone. */
  @Test
  void whatHuggingFaceIgnoresIsIgnored() {
    var config = TinyBart.config();
    var old =
        config
            .with("normalize_before", true)
            .with("classif_dropout", 0.5)
            .with("extra_pos_embeddings", 7)
            .with("_num_labels", 9)
            .with("gradient_checkpointing", true)
            .with("return_dict", false)
            .with("torchscript", true)
            .with("num_hidden_layers", 1);
    assertThat(results(old, BART)).isEqualTo(results(config, BART));
  }

  @Test
  void labelsThatDisagreeAreTold() {
    var told = new ArrayList<String>();
    var logger = Logger.getLogger("io.lanewise.model");
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            told.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      var config =
          Config.of(
              ((ObjectNode) TinyBert.BERT.config().tree())
                  .put("num_labels", 5)
                  .set("id2label", labels()),
              "config.json");
      var random = new Random(1);
      try (var model = Model.random(config, OPTIONS.withHead(Head.SEQUENCE_CLASSIFICATION))) {
        assertThat(model.labels()).isEqualTo(List.of("a", "b", "c"));
        assertThat(model.forward(Inputs.ids(TinyBert.ids(random, 1, 3))).tensors()).isNotEmpty();
      }
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(told).singleElement().asString().contains("num_labels is 5", "names 3 labels");
  }

  private static JsonNode labels() {
    var labels = Json.mapper().createObjectNode();
    return labels.put("0", "a").put("1", "b").put("2", "c");
  }
}
