package io.lanewise.family.head;

import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.model.Head;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.TokenEmbeddings;

/**
 * The heads under BERT's tensor names: {@code cls.predictions} for words, {@code
 * cls.seq_relationship} for pairs of sentences, {@code classifier} and {@code qa_outputs}.
 */
public final class BertHeads {
  private BertHeads() {}

  /**
   * Loads one of them.
   *
   * @param family its {@code model_type}, which is also what its tensors start with
   */
  public static HeadLayers load(
      LayerSource from, BertConfig sizes, Head kind, String family, TokenEmbeddings embeddings) {
    int hidden = sizes.hidden();
    int labels = from.labels();
    var pooler = from.weights().base(family).at("pooler.dense");
    return switch (kind) {
      case MODEL -> new HeadLayers.None(from.optionalPooler(hidden, pooler));
      case PRE_TRAINING ->
          new HeadLayers.PreTraining(
              words(from, sizes, family, embeddings),
              from.pooler(hidden, pooler),
              from.linear(hidden, 2, "cls.seq_relationship"),
              "seq_relationship_logits",
              "next_sentence_label");
      case MASKED_LM -> words(from, sizes, family, embeddings);
      case CAUSAL_LM -> new HeadLayers.CausalLm(words(from, sizes, family, embeddings));
      case NEXT_SENTENCE_PREDICTION ->
          new HeadLayers.NextSentence(
              from.pooler(hidden, pooler), from.linear(hidden, 2, "cls.seq_relationship"));
      case SEQUENCE_CLASSIFICATION ->
          new HeadLayers.Sequence(
              from.pooler(hidden, pooler),
              from.linear(hidden, labels, "classifier"),
              from.problemType());
      case MULTIPLE_CHOICE ->
          new HeadLayers.Choice(from.pooler(hidden, pooler), from.linear(hidden, 1, "classifier"));
      case TOKEN_CLASSIFICATION -> new HeadLayers.Token(from.linear(hidden, labels, "classifier"));
      case QUESTION_ANSWERING -> new HeadLayers.Span(from.linear(hidden, 2, "qa_outputs"));
      case CONDITIONAL_GENERATION -> throw FamilySettings.noHead(family, kind);
    };
  }

  /** {@code BertLMPredictionHead}. */
  private static HeadLayers.MaskedLm words(
      LayerSource from, BertConfig sizes, String family, TokenEmbeddings embeddings) {
    int hidden = sizes.hidden();
    var at = from.head().at("cls.predictions");
    var transform = at.at("transform");
    return new HeadLayers.MaskedLm(
        Linear.load(from.packing(), hidden, hidden, transform.at("dense")),
        sizes.activation(),
        LayerNorm.load(hidden, sizes.epsilon(), transform.at("LayerNorm")),
        from.decoder(at, embeddings.words(), family + ".embeddings.word_embeddings", sizes.tied()));
  }
}
