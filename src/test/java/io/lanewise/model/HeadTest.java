package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTest {
  @ParameterizedTest
  @CsvSource({
    "AlbertModel, MODEL, Albert",
    "TFAlbertForMaskedLM, MASKED_LM, Albert",
    "FlaxAlbertForPreTraining, PRE_TRAINING, Albert",
    "FlaxBartForConditionalGeneration, CONDITIONAL_GENERATION, Bart",
    "BertLMHeadModel, CAUSAL_LM, Bert",
    "XLMRobertaForTokenClassification, TOKEN_CLASSIFICATION, XLMRoberta",
    "NezhaForNextSentencePrediction, NEXT_SENTENCE_PREDICTION, Nezha",
    "DebertaV2ForMaskedLM, MASKED_LM, DebertaV2",
  })
  void readsClassNames(String name, Head head, String family) {
    assertThat(Head.named(name)).contains(head);
    assertThat(Head.family(name)).contains(family);
  }

  @Test
  void readsWhatAClassNameEndsWith() {
    for (var head : Head.values()) {
      assertThat(Head.named(head.suffix())).contains(head);
      assertThat(Head.named("Albert" + head.suffix())).contains(head);
    }
  }

  @ParameterizedTest
  @CsvSource({"AlbertForFun", "Albert", "albertModel", "''", "ForFor", "TF", "AlbertForMaskedLM2"})
  void refusesOtherNames(String name) {
    assertThat(Head.named(name)).isEmpty();
  }
}
