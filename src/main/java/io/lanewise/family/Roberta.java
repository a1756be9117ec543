package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.kernel.Activation;
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
 * RoBERTa (Liu et al. 2019): BERT's layers, trained on single texts for longer. It numbers its
 * tokens from the padding's id on and leaves padding out, and has heads of its own. CamemBERT and
 * XLM-RoBERTa are the same with other vocabularies. Hugging Face's {@code modeling_roberta.py}.
 *
 * @param padding id of the padding token, which is also its position
 */
record Roberta(BertStack stack, int padding, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  static final ModelType TYPE = type("roberta", "Roberta", 50265);
  static final ModelType CAMEMBERT = type("camembert", "Camembert", 30522);
  static final ModelType XLM_ROBERTA = type("xlm-roberta", "XLMRoberta", 30522);

  /** Inputs besides those of a decoder and of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** The config classes differ in the default of {@code vocab_size}. */
  private static ModelType type(String name, String prefix, int vocabulary) {
    return new ModelType(name, prefix, Roberta::head, (from, head) -> load(from, head, vocabulary));
  }

  /** Hugging Face's names to layers; the prefix is {@code roberta} in all three. */
  private static Roberta load(LayerSource from, HeadPlan head, int vocabulary) {
    var config = BertConfig.of(from.config(), vocabulary);
    var root = from.weights().base("roberta");
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
    int padding = config.padding(from.config());
    var name = "roberta.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new Roberta(stack, padding, embeddings, head.load(source));
  }

  /** {@code RobertaForMaskedLM} and so on; Longformer has the same names. */
  static HeadPlan.Loader head(Head kind) {
    var pooler = "pooler.dense";
    return switch (kind) {
      case MODEL -> from -> from.none(pooler);
      case MASKED_LM -> Roberta::words;
      case CAUSAL_LM -> from -> new TokenHeads.CausalLm(words(from));
      // RobertaClassificationHead: another pooler, which is no part of the encoder.
      case SEQUENCE_CLASSIFICATION ->
          from -> from.sequence(from.ownPooler("classifier.dense"), "classifier.out_proj");
      case MULTIPLE_CHOICE -> from -> from.choice(from.pooler(pooler), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case PRE_TRAINING, NEXT_SENTENCE_PREDICTION, CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code RobertaLMHead}: GELU whatever {@code hidden_act} says. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    return from.words("lm_head", "dense", Activation.GELU, "layer_norm");
  }

  /** {@code RobertaModel.forward}; positions by {@code create_position_ids_from_input_ids}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var limits = stack.limits(longest());
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(
        pass,
        call,
        keep,
        (traced, tokens, x) ->
            tokens.embed(traced, embeddings, tokens.positionsBehind(padding), x));
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(head, longest());
  }

  @Override
  public int hiddenSize() {
    return stack.config().hidden();
  }

  @Override
  public int longest() {
    return longest(stack.config(), padding);
  }

  /** Learnt distances need no positions, so they leave the padding's rows to be used. */
  static int longest(BertConfig config, int padding) {
    int positions = config.positions();
    return config.positionType() == PositionType.ABSOLUTE ? positions - padding - 1 : positions;
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("bos_token_id", 0, "pad_token_id", 1, "eos_token_id", 2));
  }

  /** A classification has a layer of its own in the pooler's place ({@code classifier.dense}). */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    double classifier =
        head.kind() == Head.MULTIPLE_CHOICE
            ? hidden
            : FamilySettings.rate(config, "classifier_dropout", hidden);
    return BertConfig.dropout(config, classifier, classifier);
  }
}
