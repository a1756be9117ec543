package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a config alone promises, the loader keeps; and it refuses what the config rules out. */
class FamilyOfConfigTest {
  private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");

  private static boolean runs(Config config) {
    try {
      Model.family(config);
      return true;
    } catch (CheckpointException e) {
      assertThat(e).hasMessageContaining("has no head");
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "albert_pretraining_loss, Albert",
    "bart_model_asym_scale, Bart",
    "bert_pretraining_loss, Bert",
    "../families/deberta_mlm, Deberta",
    "../families/debertav2_mlm, DebertaV2",
    "longformer_mlm_global_some_pad, Longformer",
    "../families/modernbert_mlm, ModernBert",
    "nezha_pretraining_loss, Nezha",
    "../families/gte_mlm, New",
    "../families/roformer_mlm, RoFormer",
    "../families/distilbert_states, DistilBert",
    "../families/electra_states, Electra",
    "../families/mpnet_states, MPNet",
    "../families/xlmrxl_states, XLMRobertaXL",
    "roberta_model_hs, Roberta"
  })
  void agreesWithTheLoader(String golden, String family) {
    var options = Options.DEFAULT.withAllowNewHead(true).withThreads(1);
    for (var head : Head.values()) {
      var type = Checkpoint.config(GOLDENS.resolve(golden)).text("model_type").orElseThrow();
      var config =
          JsonConfig.of(
                  JsonNodeFactory.instance.objectNode().put("model_type", type), "config.json")
              .with("architectures", java.util.List.of(family + head.suffix()));
      var loading = options.withHead(head);
      if (runs(config)) {
        Model.load(GOLDENS.resolve(golden), loading).close();
      } else {
        assertThatThrownBy(() -> Model.load(GOLDENS.resolve(golden), loading))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("has no head " + head.suffix());
      }
    }
  }
}
