package io.lanewise.family.head;

import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.kernel.Activation;
import io.lanewise.model.Head;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pooler;
import io.lanewise.nn.TokenEmbeddings;

/** The heads that RoBERTa and those that took over its weights have under the same names. */
public final class RobertaHeads {
  private RobertaHeads() {}

  /**
   * Loads a head.
   *
   * @param family the prefix of its encoder's tensors
   */
  public static HeadLayers load(
      LayerSource from, BertConfig sizes, Head kind, String family, TokenEmbeddings embeddings) {
    int hidden = sizes.hidden();
    int labels = from.labels();
    var pooler = from.weights().base(family).at("pooler.dense");
    return switch (kind) {
      case MODEL -> new HeadLayers.None(from.optionalPooler(hidden, pooler));
      case MASKED_LM -> words(from, sizes, family, embeddings);
      case CAUSAL_LM -> new HeadLayers.CausalLm(words(from, sizes, family, embeddings));
      case SEQUENCE_CLASSIFICATION ->
          // RobertaClassificationHead: another pooler, which is no part of the encoder.
          new HeadLayers.Sequence(
              Pooler.load(from.packing(), hidden, from.head().at("classifier.dense")),
              from.linear(hidden, labels, "classifier.out_proj"),
              from.problemType());
      case MULTIPLE_CHOICE ->
          new HeadLayers.Choice(from.pooler(hidden, pooler), from.linear(hidden, 1, "classifier"));
      case TOKEN_CLASSIFICATION -> new HeadLayers.Token(from.linear(hidden, labels, "classifier"));
      case QUESTION_ANSWERING -> new HeadLayers.Span(from.linear(hidden, 2, "qa_outputs"));
      case PRE_TRAINING, NEXT_SENTENCE_PREDICTION, CONDITIONAL_GENERATION ->
          throw FamilySettings.noHead(family, kind);
    };
  }

  /** {@code RobertaLMHead}: GELU whatever {@code hidden_act} says. */
  private static HeadLayers.MaskedLm words(
      LayerSource from, BertConfig sizes, String family, TokenEmbeddings embeddings) {
    int hidden = sizes.hidden();
    var at = from.head().at("lm_head");
    return new HeadLayers.MaskedLm(
        Linear.load(from.packing(), hidden, hidden, at.at("dense")),
        Activation.GELU,
        LayerNorm.load(hidden, sizes.epsilon(), at.at("layer_norm")),
        from.decoder(at, embeddings.words(), family + ".embeddings.word_embeddings", sizes.tied()));
  }
}
