package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of families, and what their files say before there are weights. */
class ModelTypeTest {
  private static final Config EMPTY = Config.of(Map.of());

  private static Set<Head> heads(String family) {
    var heads = EnumSet.noneOf(Head.class);
    for (var head : Head.values()) {
      try {
        Family.type(family, EMPTY).head(head);
        heads.add(head);
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(family + " has no head " + head.suffix());
      }
    }
    return heads;
  }

  /** The two lists of families in one file agree. */
  @Test
  void everyNameHasItsType() {
    for (var name : Family.NAMES) {
      assertThat(Family.type(name, EMPTY).name()).isEqualTo(name);
    }
    assertThatThrownBy(() -> Family.type("gpt2", EMPTY))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("gpt2 is no family that runs here")
        .hasMessageContaining(String.join(", ", Family.NAMES));
  }

  /** {@code MODEL_FOR_…_MAPPING_NAMES} of {@code modeling_auto.py}. */
  @Test
  void headsAreThoseOfHuggingFace() {
    var bart = EnumSet.of(Head.MODEL, Head.SEQUENCE_CLASSIFICATION, Head.QUESTION_ANSWERING);
    bart.addAll(Set.of(Head.CAUSAL_LM, Head.CONDITIONAL_GENERATION));
    var longformer =
        EnumSet.complementOf(
            EnumSet.of(
                Head.CONDITIONAL_GENERATION,
                Head.CAUSAL_LM,
                Head.PRE_TRAINING,
                Head.NEXT_SENTENCE_PREDICTION));
    var albert = EnumSet.copyOf(longformer);
    albert.add(Head.PRE_TRAINING);
    var roberta = EnumSet.copyOf(longformer);
    roberta.add(Head.CAUSAL_LM);
    var nezha = EnumSet.copyOf(albert);
    nezha.add(Head.NEXT_SENTENCE_PREDICTION);
    var bert = EnumSet.complementOf(EnumSet.of(Head.CONDITIONAL_GENERATION));
    assertThat(heads("albert")).isEqualTo(albert);
    assertThat(heads("bart")).isEqualTo(bart);
    assertThat(heads("bert")).isEqualTo(bert);
    assertThat(heads("longformer")).isEqualTo(longformer);
    assertThat(heads("nezha")).isEqualTo(nezha);
    for (var name : List.of("roberta", "camembert", "xlm-roberta")) {
      assertThat(heads(name)).as(name).isEqualTo(roberta);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert, CAUSAL_LM, BertLMHeadModel",
    "bert, MODEL, BertModel",
    "camembert, MASKED_LM, CamembertForMaskedLM",
    "roberta, CAUSAL_LM, RobertaForCausalLM",
    "xlm-roberta, TOKEN_CLASSIFICATION, XLMRobertaForTokenClassification",
  })
  void classesHaveTheNamesOfHuggingFace(String family, Head head, String className) {
    var plan = Family.type(family, EMPTY).head(head);
    assertThat(plan.className()).isEqualTo(className);
    assertThat(plan.kind()).isEqualTo(head);
    assertThat(Head.named(className)).contains(head);
  }

  /** The classes of very old files say the family alone, whatever its name looks like. */
  @Test
  void aClassNameLeadsToItsFamily() {
    for (var name : Family.NAMES) {
      var className = Family.type(name, EMPTY).className(Head.MODEL);
      var config = EMPTY.with("architectures", List.of(className));
      assertThat(Model.family(config)).isEqualTo(name);
    }
  }

  @Test
  void albertIsAskedForTheOrderOfSentencesInstead() {
    assertThatThrownBy(() -> Family.type("albert", EMPTY).head(Head.NEXT_SENTENCE_PREDICTION))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("it has learned the order of sentences instead");
  }
}
