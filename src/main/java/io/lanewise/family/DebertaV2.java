package io.lanewise.family;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DebertaConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.DebertaEmbeddings;
import io.lanewise.family.stack.DebertaStack;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.TokenConvolution;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.DisentangledPositions;
import io.lanewise.nn.attention.DistanceBuckets;
import io.lanewise.nn.attention.DistanceVectors;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa (He et al. 2020): BERT whose attention keeps the words and their distances apart. In the
 * second and third version (He et al. 2021), loaded here, distances share vectors by the logarithm,
 * layers may project them as they project the tokens, and a convolution may stand beside the first
 * layer. Hugging Face's {@code modeling_deberta_v2.py}.
 */
record DebertaV2(DebertaStack stack, ModelHead head) implements Family {
  static final ModelType TYPE =
      new ModelType("deberta-v2", "DebertaV2", DebertaHeads::head, DebertaV2::load);

  /** Hugging Face's names to layers. */
  static DebertaV2 load(LayerSource from, HeadPlan head) {
    var settings = from.config();
    var config = DebertaConfig.of(settings, 128100, 1536, 24, 24, 6144);
    if (settings.positive("attention_head_size", config.headSize()) != config.headSize()) {
      throw settings.wrong(
          "attention_head_size", "heads share hidden_size: it is " + config.headSize());
    }
    refuseChanges(from);
    var root = from.weights().base("deberta");
    var packing = from.packing();
    var embeddings = DebertaEmbeddings.load(packing, config, root.at("embeddings"));
    var encoder = root.at("encoder");
    boolean shared = settings.bool("share_att_key", false);
    try (var scratch = Packing.scratch()) {
      var vectors = vectors(settings, config, encoder, scratch);
      var layers =
          DebertaStack.layers(
              packing, config, encoder, at -> attention(packing, config, vectors, shared, at));
      var convolution = convolution(packing, settings, config, encoder.at("conv"));
      var stack = new DebertaStack(config, embeddings, layers, convolution);
      return new DebertaV2(stack, head.load(source(from, root, stack)));
    }
  }

  /** {@code get_rel_embedding}. */
  private static @Nullable DistanceVectors vectors(
      Config settings, DebertaConfig config, Weights encoder, Region scratch) {
    int count = settings.bounded("position_buckets", -1, -1, Config.LARGEST);
    var buckets =
        count > 0
            ? new DistanceBuckets(count, count, config.farthest())
            : DistanceBuckets.each(config.farthest());
    var vectors = vectors(config, buckets, encoder, scratch);
    if (!DebertaConfig.parts(settings.text("norm_rel_ebd", "none")).contains("layer_norm")) {
      return vectors;
    }
    var norm = LayerNorm.load(config.hidden(), config.epsilon(), encoder.at("LayerNorm"));
    if (vectors == null) {
      return null;
    }
    var normed = scratch.matrix(buckets.rows(), config.hidden());
    try (var plain = Backend.of(Backend.Choice.SCALAR, 1)) {
      plain.rowwise().layerNorm(vectors.table(), norm.gain(), norm.bias(), norm.epsilon(), normed);
    }
    return new DistanceVectors(buckets, normed, vectors.keys(), vectors.queries());
  }

  /** {@code DisentangledSelfAttention}, and the layer behind it. */
  private static DenseAttention attention(
      Packing packing, DebertaConfig config, DistanceVectors vectors, boolean shared, Weights at) {
    var self = at.at("self");
    int hidden = config.hidden();
    var queryKeyValue =
        Linear.fused(
            packing,
            hidden,
            hidden,
            self.at("query_proj"),
            self.at("key_proj"),
            self.at("value_proj"));
    int parts = 1 + (config.meetsKeys() ? 1 : 0) + (config.meetsQueries() ? 1 : 0);
    float scale = (float) (1 / Math.sqrt((double) config.headSize() * parts));
    return new DenseAttention(
        queryKeyValue,
        Linear.load(packing, hidden, hidden, at.at("output.dense")),
        new AttentionHeads(
            config.heads(),
            config.headSize(),
            scale,
            distances(packing, config, vectors, shared, queryKeyValue, self),
            null));
  }

  private static @Nullable DisentangledPositions distances(
      Packing packing,
      DebertaConfig config,
      DistanceVectors vectors,
      boolean shared,
      Linear queryKeyValue,
      Weights self) {
    if (vectors == null) {
      return null;
    }
    return shared
        ? vectors.project(packing, config.heads(), queryKeyValue)
        : vectors.project(
            packing, config.heads(), self.at("pos_key_proj"), true, self.at("pos_query_proj"));
  }

  /** {@code ConvLayer}; null where there is none. */
  private static @Nullable TokenConvolution convolution(
      Packing packing, Config settings, DebertaConfig config, Weights at) {
    int kernel = settings.bounded("conv_kernel_size", 0, 0, Config.LARGEST);
    if (kernel == 0) {
      return null;
    }
    int groups = settings.positive("conv_groups", 1);
    if (kernel % 2 == 0) {
      throw settings.wrong(
          "conv_kernel_size", kernel + " is even: no token would stand in the middle");
    }
    if (config.hidden() % groups != 0) {
      throw settings.wrong(
          "conv_groups", groups + " groups do not divide hidden_size " + config.hidden());
    }
    var activation = FamilySettings.activation(settings, "conv_act", "tanh");
    return TokenConvolution.load(
        packing, config.hidden(), kernel, groups, activation, config.epsilon(), at);
  }

  /** Neither version loses heads: Hugging Face's {@code prune_heads} is not there. */
  static void refuseChanges(LayerSource from) {
    from.pruned().refuse(from.config(), "DeBERTa's attention cannot lose heads");
  }

  /** The vectors of distances as they are stored; null where there are none. */
  static @Nullable DistanceVectors vectors(
      DebertaConfig config, DistanceBuckets buckets, Weights encoder, Region scratch) {
    if (!config.relative()) {
      return null;
    }
    var at = encoder.at("rel_embeddings");
    Matrix table = at.borrowSource("weight", buckets.rows(), config.hidden(), scratch);
    return new DistanceVectors(buckets, table, config.meetsKeys(), config.meetsQueries());
  }

  static HeadSource source(LayerSource from, Weights root, DebertaStack stack) {
    var config = stack.config();
    return new HeadSource(
        from,
        root,
        config.hidden(),
        config.epsilon(),
        stack.embeddings().words(),
        "deberta.embeddings.word_embeddings",
        config.tied());
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    return stack.forward(pass, head, inputs, keep);
  }

  @Override
  public int hiddenSize() {
    return stack.config().hidden();
  }

  @Override
  public int longest() {
    return stack.longest();
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("pad_token_id", 0));
  }

  /**
   * {@code cls_dropout} is that of a pooled vector; labels of tokens have the layers' rate.
   *
   * @throws CheckpointException if the distance vectors would be dropped ({@code pos_dropout} of
   *     {@code DisentangledSelfAttention}): here they are projected once, when the model is loaded
   */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    if (stack.config().relative() && hidden > 0) {
      throw config.wrong(
          "hidden_dropout_prob",
          "training would drop vectors of distances too, which is not known to this version: set"
              + " 0");
    }
    boolean pools =
        List.of(Head.SEQUENCE_CLASSIFICATION, Head.MULTIPLE_CHOICE).contains(head.kind());
    return BertConfig.dropout(
        config,
        pools ? FamilySettings.rate(config, "pooler_dropout", 0) : 0,
        pools ? FamilySettings.rate(config, "cls_dropout", hidden) : hidden);
  }
}
