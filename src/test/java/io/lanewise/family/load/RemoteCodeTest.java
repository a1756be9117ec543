package io.lanewise.family.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.model.Model;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes beside the weights: those that are built here run here, all others are refused. */
class RemoteCodeTest {
  private static Config config(String type, String map) {
    var text = "{\"model_type\": \"%s\", \"auto_map\": %s}".formatted(type, map);
    return JsonConfig.of(Json.parse(utf8(text), "it"), "it");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nomic-ai/nomic-bert-2048--modeling_hf_nomic_bert.NomicBertModel",
        "modeling_hf_nomic_bert.NomicBertForPreTraining",
        "Alibaba-NLP/new-impl--modeling.NewModel",
        "modeling.NewForSequenceClassification",
        "jinaai/jina-bert-implementation--modeling_bert.JinaBertModel",
        "jinaai/jina-bert-v2-qk-post-norm--modeling_bert.JinaBertForMaskedLM"
      })
  void knownClassesRunHere(String name) {
    var config = config("bert", "{\"AutoConfig\": \"x.Y\", \"AutoModel\": \"" + name + "\"}");
    assertThatCode(() -> RemoteCode.check(config)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"modeling_own.OwnBertModel\"",
        "\"evil/NomicBert--modeling.EvilModel\"",
        "\"modeling_hf_nomic_bert\"",
        "[\"modeling.NewModel\", null]",
        "7"
      })
  void othersAreRefusedByName(String name) {
    var config = config("bert", "{\"AutoModelForMaskedLM\": " + name + "}");
    assertThatThrownBy(() -> Model.family(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("auto_map")
        .hasMessageContaining("AutoModelForMaskedLM is " + Json.parse(utf8(name), "it").toString())
        .hasMessageContaining("no code of a folder is run");
  }

  @Test
  void aMapWithoutModelsSaysNothing() {
    for (var map : new String[] {"null", "[]", "{}", "{\"AutoTokenizer\": [\"x.Y\", null]}"}) {
      assertThatCode(() -> RemoteCode.check(config("bert", map))).doesNotThrowAnyException();
    }
    assertThat(RemoteCode.names(config("bert", "{\"AutoModel\": \"a.JinaBertModel\"}"), "JinaBert"))
        .isTrue();
    assertThat(RemoteCode.names(config("bert", "null"), "JinaBert")).isFalse();
  }
}
