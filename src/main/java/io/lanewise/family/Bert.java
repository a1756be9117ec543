package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.SequenceHeads;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * BERT (Devlin et al. 2018): the Transformer's encoder over embeddings of words, positions and
 * types of tokens. With {@code is_decoder} it is causal. Hugging Face's {@code modeling_bert.py}.
 */
record Bert(BertStack stack, TokenEmbeddings embeddings, ModelHead head) implements Family {
  /** The class of a causal model is older than the names of all others. */
  static final ModelType TYPE =
      new ModelType("bert", "Bert", Bert::head, Bert::load)
          .withSuffix(Head.CAUSAL_LM, "LMHeadModel");

  /** Inputs besides those of a decoder and of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** Hugging Face's names to layers. */
  static Bert load(LayerSource from, HeadPlan head) {
    var config = BertConfig.of(from.config(), 30522);
    var root = from.weights().base("bert");
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            config.vocabulary(),
            config.types(),
            config.positions(),
            config.hidden(),
            config.epsilon(),
            config.positionType() == PositionType.ABSOLUTE);
    var distances = BertStack.learntDistances(from.packing(), config);
    var stack = BertStack.load(from, config, root.at("encoder"), distances);
    var name = "bert.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new Bert(stack, embeddings, head.load(source));
  }

  /** {@code BertForPreTraining} and so on; NEZHA has the same names. */
  static HeadPlan.Loader head(Head kind) {
    var pooler = "pooler.dense";
    var classifier = "classifier";
    var sentences = "cls.seq_relationship"; // BertOnlyNSPHead, BertPreTrainingHeads
    return switch (kind) {
      case MODEL -> from -> from.none(pooler);
      case MASKED_LM -> Bert::words;
      case CAUSAL_LM -> from -> new TokenHeads.CausalLm(words(from));
      case PRE_TRAINING ->
          from ->
              new SequenceHeads.PreTraining(
                  words(from),
                  from.pooler(pooler),
                  from.linear(2, sentences),
                  "seq_relationship_logits",
                  "next_sentence_label");
      case NEXT_SENTENCE_PREDICTION ->
          from -> new SequenceHeads.NextSentence(from.pooler(pooler), from.linear(2, sentences));
      case SEQUENCE_CLASSIFICATION -> from -> from.sequence(from.pooler(pooler), classifier);
      case MULTIPLE_CHOICE -> from -> from.choice(from.pooler(pooler), classifier);
      case TOKEN_CLASSIFICATION -> from -> from.token(classifier);
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code BertLMPredictionHead}. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var activation = from.activation("gelu");
    return from.words("cls.predictions", "transform.dense", activation, "transform.LayerNorm");
  }

  /** {@code BertModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var limits = stack.limits(longest());
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(
        pass,
        call,
        keep,
        (traced, tokens, x) -> tokens.embed(traced, embeddings, tokens.positionsOrCount(), x));
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(head, longest());
  }

  @Override
  public int longest() {
    return stack.config().positions();
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("pad_token_id", 0));
  }

  /** A classification reads what a pooler made; that of pre-training drops nothing. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    double classifier = FamilySettings.rate(config, "classifier_dropout", hidden);
    return BertConfig.dropout(config, 0, head.kind() == Head.PRE_TRAINING ? 0 : classifier);
  }
}
