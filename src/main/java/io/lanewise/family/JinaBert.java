package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.RemoteCode;
import io.lanewise.family.stack.EncoderStack;
import io.lanewise.kernel.Activation;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.GatedFeedForward;
import io.lanewise.nn.GatedFeedForward.Order;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Mlp;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.TwofoldNorm;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.LinearBiases;
import io.lanewise.nn.attention.QueryKeyNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JinaBERT v2 (Günther et al. 2023): BERT with linear biases instead of positions, so that texts
 * may be of any length, and gated feed-forward layers. Its folders say {@code model_type} {@code
 * bert}. The published code lies in other repositories (jinaai/jina-bert-implementation, and
 * jinaai/jina-bert-v2-qk-post-norm for the model of source code, whose queries and keys are
 * normalised); it is not run.
 */
record JinaBert(BertConfig config, EncoderStack stack, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  static final ModelType TYPE = new ModelType("bert", "JinaBert", JinaBert::head, JinaBert::load);

  private static final String POSITIONS = "position_embedding_type";

  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** Whether a config of BERT is one of this family. */
  static boolean isIn(Config config) {
    var alibi = JsonConfig.tree(config).path(POSITIONS);
    return alibi.asText().equals("alibi") || RemoteCode.names(config, "JinaBert");
  }

  /** The published names to layers. */
  static JinaBert load(LayerSource from, HeadPlan head) {
    var given = from.config();
    given.choice(POSITIONS, "alibi", List.of("alibi"));
    if (given.bool("is_decoder", false)) {
      throw given.wrong("is_decoder", "the biases look both ways: there is no such decoder");
    }
    from.pruned().refuse(given, "JinaBERT cannot lose heads");
    var config = BertConfig.of(given.with(POSITIONS, null), 30522);
    var root = from.weights().base("bert");
    var at = root.at("embeddings");
    var embeddings =
        TokenEmbeddings.withoutPositions(
            at,
            at.at("LayerNorm"),
            config.vocabulary(),
            config.types(),
            config.hidden(),
            config.epsilon());
    var layers = new ArrayList<EncoderStack.Layer>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(from, config, root.at("encoder.layer." + i))::apply);
    }
    int wide = Math.max(3 * config.hidden(), 2 * config.intermediate());
    var stack =
        new EncoderStack(List.copyOf(layers), config.hidden(), config.heads(), wide, false, null);
    var name = "bert.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new JinaBert(config, stack, embeddings, head.load(source));
  }

  private static EncoderLayer layer(LayerSource from, BertConfig config, Weights at) {
    var packing = from.packing();
    int hidden = config.hidden();
    float epsilon = config.epsilon();
    var self = at.at("attention.self");
    var plain =
        DenseAttention.load(
            packing,
            hidden,
            config.heads(),
            self.at("query"),
            self.at("key"),
            self.at("value"),
            at.at("attention.output.dense"),
            LinearBiases.of(config.heads()));
    var norm = LayerNorm.load(hidden, epsilon, at.at("attention.output.LayerNorm"));
    if (!self.at("layer_norm_q").has("weight")) {
      var last = isGated(from.config()) ? "mlp.layernorm" : "output.LayerNorm";
      var behind = LayerNorm.load(hidden, epsilon, at.at(last));
      return new EncoderLayer(plain, norm, mlp(packing, from.config(), config, at), behind);
    }
    var norms =
        new QueryKeyNorm(
            LayerNorm.load(hidden, epsilon, self.at("layer_norm_q")),
            LayerNorm.load(hidden, epsilon, self.at("layer_norm_k")));
    return new EncoderLayer(
        new DenseAttention(plain.queryKeyValue(), plain.output(), plain.heads(), norms),
        new TwofoldNorm(norm, LayerNorm.load(hidden, epsilon, at.at("layer_norm_1"))),
        new GatedFeedForward(
            Linear.withoutBias(
                packing, hidden, 2 * config.intermediate(), at.at("mlp.up_gated_layer")),
            Order.VALUE_THEN_GATE,
            gate(from.config()),
            Linear.load(packing, config.intermediate(), hidden, at.at("mlp.down_layer"))),
        LayerNorm.load(hidden, epsilon, at.at("layer_norm_2")));
  }

  /** {@code feed_forward_type}. */
  private static Mlp mlp(Packing packing, Config given, BertConfig config, Weights at) {
    int hidden = config.hidden();
    int inner = config.intermediate();
    return isGated(given)
        ? new GatedFeedForward(
            Linear.withoutBias(packing, hidden, 2 * inner, at.at("mlp.gated_layers")),
            Order.GATE_THEN_VALUE,
            gate(given),
            Linear.load(packing, inner, hidden, at.at("mlp.wo")))
        : FeedForward.load(
            packing,
            hidden,
            inner,
            config.activation(),
            at.at("intermediate.dense"),
            at.at("output.dense"));
  }

  private static String feedForward(Config config) {
    var known = List.of("original", "geglu", "reglu");
    return config.choice("feed_forward_type", "original", known);
  }

  private static boolean isGated(Config config) {
    return !feedForward(config).equals("original");
  }

  private static Activation gate(Config config) {
    return feedForward(config).equals("reglu") ? Activation.RELU : Activation.GELU;
  }

  /** BERT's, without those that nobody trained; the pooler of a body is not meant to be used. */
  static HeadPlan.@Nullable Loader head(Head kind) {
    return switch (kind) {
      case MODEL, MASKED_LM, SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION, QUESTION_ANSWERING ->
          Bert.head(kind);
      default -> null;
    };
  }

  /** Positions have no effect. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    int any = Integer.MAX_VALUE;
    var limits =
        new InputTokens.Limits(
            config.vocabulary(), config.hidden(), config.types(), any, any, false);
    return stack.forward(
        pass,
        head,
        INPUTS,
        limits,
        inputs,
        keep,
        (traced, tokens, x) -> tokens.embed(traced, embeddings, null, x));
  }

  @Override
  public int hiddenSize() {
    return config.hidden();
  }

  @Override
  public int longest() {
    return config.positions();
  }

  @Override
  public Dropout.Rates dropout(Config given) {
    double hidden = BertConfig.hiddenDropout(given);
    return BertConfig.dropout(given, 0, FamilySettings.rate(given, "classifier_dropout", hidden));
  }
}
