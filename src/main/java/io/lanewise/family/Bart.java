package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.SequenceVector;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.OldNames;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.family.stack.EncoderDecoder;
import io.lanewise.family.stack.HalfStack;
import io.lanewise.family.stack.ScaledEmbedding;
import io.lanewise.kernel.Activation;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.DecoderLayer;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.Pooler;
import io.lanewise.nn.WordScores;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * BART (Lewis et al. 2019): an encoder that sees a whole text, and a decoder that makes another,
 * one token after the other, with a look at the first. Hugging Face's {@code modeling_bart.py}.
 */
record Bart(BartConfig config, EncoderDecoder halves) implements Family {
  static final ModelType TYPE =
      new ModelType("bart", "Bart", Bart::head, Bart::load).withOldNames(Bart::today);

  /** {@code BartLearnedPositionalEmbedding} leaves two rows free, as fairseq did. */
  private static final int FIRST_POSITION = 2;

  /** Not among BART's settings: PyTorch's default. */
  private static final float EPSILON = 1e-5f;

  /** {@code BartConfig} has three labels unless it is told otherwise. */
  private static final int LABELS = 3;

  /**
   * What config.json says; the defaults are those of Hugging Face's {@code BartConfig}.
   *
   * @param positions longest sequence, of the encoder and of the decoder
   * @param scaled whether embeddings of words are multiplied by √hidden
   * @param tied whether the words of the output are those of the input
   * @param padding id of the padding token
   * @param start id of the token that the decoder starts with
   * @param end id of the token that a sequence ends with
   */
  record BartConfig(
      int vocabulary,
      int hidden,
      int positions,
      Activation activation,
      boolean scaled,
      boolean tied,
      int padding,
      int start,
      int end,
      Half encoder,
      Half decoder) {
    /** The layers of one half. */
    record Half(int layers, int heads, int intermediate) {
      static Half of(Config config, String name, int hidden) {
        var headsKey = name + "_attention_heads";
        var half =
            new Half(
                config.positive(name + "_layers", 12, FamilySettings.MOST_LAYERS),
                config.positive(headsKey, 16),
                config.positive(name + "_ffn_dim", 4096));
        if (hidden % half.heads != 0) {
          throw config.wrong(headsKey, half.heads + " heads do not divide d_model " + hidden);
        }
        return half;
      }
    }

    static BartConfig of(Config config) {
      int vocabulary = config.positive("vocab_size", 50265);
      int hidden = config.positive("d_model", 1024);
      return new BartConfig(
          vocabulary,
          hidden,
          config.positive("max_position_embeddings", 1024),
          FamilySettings.activation(config, "activation_function", "gelu"),
          config.bool("scale_embedding", false),
          config.bool("tie_word_embeddings", true),
          config.bounded("pad_token_id", 1, 0, vocabulary - 1),
          config.bounded("decoder_start_token_id", 2, 0, vocabulary - 1),
          config.bounded("eos_token_id", 2, 0, vocabulary - 1),
          Half.of(config, "encoder", hidden),
          Half.of(config, "decoder", hidden));
    }
  }

  /** {@code BartConfig.attribute_map}, and what its constructor makes of older settings. */
  private static Config today(Config config) {
    var names = Map.of("hidden_size", "d_model", "num_attention_heads", "encoder_attention_heads");
    var today = OldNames.today(config, names);
    if (config.bool("tie_encoder_decoder", false) && config.bool("is_encoder_decoder", true)) {
      throw config.wrong(
          "tie_encoder_decoder",
          "an encoder and a decoder with the same weights are not built: set it to false, if the"
              + " file holds both");
    }
    var forced = "forced_bos_token_id";
    if (config.bool("force_bos_token_to_be_generated", false) && !config.has(forced)) {
      return OldNames.isNull(config, "bos_token_id")
          ? today
          : today.with(forced, config.integer("bos_token_id", 0));
    }
    return today;
  }

  /** Hugging Face's names to layers. */
  static Bart load(LayerSource from, HeadPlan head) {
    var config = BartConfig.of(from.config());
    from.pruned().refuse(from.config(), "this family has no heads that can be pruned");
    var root = from.weights().base("model");
    boolean alone = head.kind() == Head.CAUSAL_LM;
    var words = words(config, root, alone);
    var packing = from.packing();
    // A model that makes one token after another sees few at a time.
    var ofSteps = head.kind() == Head.CONDITIONAL_GENERATION ? packing.forFewRows() : packing;
    var encoder =
        alone
            ? null
            : half(packing, packing, config, config.encoder, words, root.at("encoder"), false);
    var decoder = half(ofSteps, packing, config, config.decoder, words, root.at("decoder"), true);
    var source =
        new HeadSource(from, root, config.hidden, EPSILON, words, "model.shared", config.tied);
    var limits = new InputTokens.Limits(config.vocabulary, config.hidden, 1, config.positions);
    return new Bart(
        config,
        new EncoderDecoder(
            head.load(source), encoder, decoder, limits, config.start, config.padding));
  }

  /** {@code BartModel._tied_weights_keys}: one table under up to three names; a file holds any. */
  private static EmbeddingTable words(BartConfig config, Weights root, boolean alone) {
    var names = new ArrayList<>(List.of("shared", "decoder.embed_tokens", "encoder.embed_tokens"));
    if (alone) {
      names.addFirst(names.remove(1));
    }
    var stored =
        names.stream().filter(name -> root.has(name + ".weight")).findFirst().orElse(names.get(0));
    for (var name : names) {
      if (!name.equals(stored)) {
        root.tied(name + ".weight", "model." + stored + ".weight");
      }
      if (!config.tied && !alone && !name.equals(names.get(0))) {
        // Hugging Face, too, joins the three only where the settings tie them.
        root.at(stored, name).keep("weight", config.vocabulary, config.hidden);
      }
    }
    return EmbeddingTable.load(config.vocabulary, config.hidden, root.at(stored, names.get(0)));
  }

  /**
   * {@code BartEncoder} or {@code BartDecoder}, whose tensors have the same names.
   *
   * @param ofSource of what sees the other half's tokens
   * @param cross whether its layers look at the other half
   */
  private static HalfStack half(
      Packing packing,
      Packing ofSource,
      BartConfig config,
      BartConfig.Half half,
      EmbeddingTable words,
      Weights at,
      boolean cross) {
    int rows = config.positions + FIRST_POSITION;
    var positions = EmbeddingTable.load(rows, config.hidden, at.at("embed_positions"));
    var layers = new ArrayList<DecoderLayer>();
    for (int i = 0; i < half.layers; i++) {
      layers.add(layer(packing, ofSource, config, half, at.at("layers." + i), cross));
    }
    var norm = LayerNorm.load(config.hidden, EPSILON, at.at("layernorm_embedding"));
    float scale = config.scaled ? (float) Math.sqrt(config.hidden) : 1;
    return new HalfStack(
        config.hidden,
        half.heads,
        half.intermediate,
        new ScaledEmbedding(words, scale, positions, FIRST_POSITION, norm),
        List.copyOf(layers));
  }

  private static DecoderLayer layer(
      Packing packing,
      Packing ofSource,
      BartConfig config,
      BartConfig.Half half,
      Weights at,
      boolean cross) {
    int hidden = config.hidden;
    var self = at.at("self_attn");
    var other = at.at("encoder_attn");
    return new DecoderLayer(
        DenseAttention.load(
            packing,
            hidden,
            half.heads,
            self.at("q_proj"),
            self.at("k_proj"),
            self.at("v_proj"),
            self.at("out_proj"),
            null),
        LayerNorm.load(hidden, EPSILON, at.at("self_attn_layer_norm")),
        !cross
            ? null
            : CrossAttention.load(
                packing,
                ofSource,
                hidden,
                half.heads,
                other.at("q_proj"),
                other.at("k_proj"),
                other.at("v_proj"),
                other.at("out_proj"),
                null),
        !cross ? null : LayerNorm.load(hidden, EPSILON, at.at("encoder_attn_layer_norm")),
        FeedForward.load(
            packing, hidden, half.intermediate, config.activation, at.at("fc1"), at.at("fc2")),
        LayerNorm.load(hidden, EPSILON, at.at("final_layer_norm")));
  }

  /** {@code BartForConditionalGeneration} and so on; {@code BartForCausalLM} has no encoder. */
  static HeadPlan.Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case CONDITIONAL_GENERATION -> from -> new TokenHeads.Words(scores(from, true));
      case CAUSAL_LM -> from -> new TokenHeads.Words(scores(from, false));
      case SEQUENCE_CLASSIFICATION -> Bart::sequence;
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case PRE_TRAINING,
          MASKED_LM,
          MULTIPLE_CHOICE,
          TOKEN_CLASSIFICATION,
          NEXT_SENTENCE_PREDICTION ->
          null;
    };
  }

  /** {@code BartClassificationHead}, over the last end token of the decoder. */
  private static HeadLayers sequence(HeadSource from) {
    var config = BartConfig.of(from.source().config());
    var dense = from.source().head().at("classification_head.dense");
    var pooler = Pooler.load(from.source().packing(), config.hidden, dense);
    var vector =
        new SequenceVector.LastEndToken("input_ids", config.vocabulary, config.end, pooler);
    return from.sequence(vector, "classification_head.out_proj", LABELS);
  }

  /**
   * {@code lm_head}; {@code final_logits_bias} is a constant, zero unless a file says otherwise.
   *
   * @param steps whether an encoder stands beside, and the model makes one token after another
   */
  private static WordScores scores(HeadSource from, boolean steps) {
    int vocabulary = from.words().table().rows();
    var at = from.source().head();
    var packing = from.source().packing();
    try (var scratch = Packing.scratch()) {
      var bias =
          steps
              ? at.allowNew(true)
                  .matrix("final_logits_bias", 1, vocabulary, Weights.Init.ZEROS)
                  .data()
              : scratch.floats(vocabulary);
      return from.scores(steps ? packing.forFewRows() : packing, at.at("lm_head"), bias);
    }
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    return halves.forward(pass, inputs, cache, keep);
  }

  @Override
  public Output encode(Pass pass, Inputs inputs, Set<Keep> keep) {
    return halves.encode(pass, inputs, keep);
  }

  @Override
  public Output decode(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    return halves.decode(pass, inputs, cache, keep);
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(
        Map.of(
            "bos_token_id", 0,
            "pad_token_id", 1,
            "eos_token_id", 2,
            "decoder_start_token_id", 2,
            "forced_eos_token_id", 2));
  }

  @Override
  public int hiddenSize() {
    return config.hidden();
  }

  @Override
  public int longest() {
    return config.positions;
  }

  @Override
  public int labelsUnlessNamed() {
    return LABELS;
  }

  /** {@code BartForCausalLM} alone gives its past beside a loss. */
  @Override
  public DecoderShape decoder() {
    int heads = config.decoder.heads;
    int headSize = config.hidden / heads;
    return new DecoderShape(
        config.decoder.layers, heads, headSize, longest(), !halves.hasEncoder());
  }

  @Override
  public Dropout.Rates dropout(Config settings) {
    for (var key : List.of("encoder_layerdrop", "decoder_layerdrop")) {
      if (FamilySettings.rate(settings, key, 0) != 0) {
        throw settings.wrong(key, "whole layers are not dropped here: set it to 0");
      }
    }
    double hidden = FamilySettings.rate(settings, "dropout", 0.1);
    double classifier = FamilySettings.rate(settings, "classifier_dropout", 0);
    return new Dropout.Rates(
        hidden,
        hidden,
        FamilySettings.rate(settings, "attention_dropout", 0),
        FamilySettings.rate(settings, "activation_dropout", 0),
        classifier,
        classifier);
  }
}
