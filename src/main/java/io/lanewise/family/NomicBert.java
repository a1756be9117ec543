package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.OldNames;
import io.lanewise.family.stack.EncoderStack;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.RotaryTable.Layout;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.ExpertsFeedForward;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.GatedFeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Mlp;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.RotaryFrequencies;
import io.lanewise.nn.attention.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * NomicBERT (Nussbaum et al. 2024): BERT with rotary positions and SwiGLU, without most biases, and
 * in some models with mixtures of experts. The published code lies beside the weights ({@code
 * modeling_hf_nomic_bert.py} of nomic-ai/nomic-bert-2048); it is not run.
 *
 * <p>With {@code rotary_scaling_factor} the angles of that code depend beyond {@code
 * max_trained_positions} on the longest row of the batch, so that a text has other numbers beside a
 * longer one. Such a call is refused while its rows have padding; rows of one length are run.
 */
record NomicBert(Settings settings, EncoderStack stack, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  /** Other names that its config class has from that of GPT-2. */
  private static final Map<String, String> GPT2_NAMES =
      Map.of(
          "hidden_size", "n_embd",
          "num_attention_heads", "n_head",
          "num_hidden_layers", "n_layer",
          "max_position_embeddings", "n_positions");

  static final ModelType TYPE =
      new ModelType("nomic_bert", "NomicBert", NomicBert::head, NomicBert::load)
          .withOldNames(config -> OldNames.today(config, GPT2_NAMES));

  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** Settings that only transformers 5 writes, whose files have other tensors too. */
  private static final List<String> OF_TRANSFORMERS_5 =
      List.of("rope_parameters", "intermediate_size");

  /** Settings of the published code that change the arithmetic, and are not built here. */
  private static final List<String> NOT_BUILT =
      List.of("prenorm", "parallel_block", "causal", "use_rms_norm", "rotary_emb_scale_base");

  /**
   * {@code NomicBertConfig}, with GPT-2's names.
   *
   * @param gate the activation of the gate; null for plain layers with GELU
   * @param rotated numbers of a head that are turned
   * @param scaling of the angles beyond {@code trained} tokens; 0 for none
   * @param expertsEvery in groups of so many layers the second is a mixture; 0 for none
   */
  record Settings(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int intermediate,
      @Nullable Activation gate,
      int positions,
      int types,
      float epsilon,
      boolean attentionBias,
      boolean inBias,
      boolean outBias,
      int rotated,
      double theta,
      Layout layout,
      double scaling,
      int trained,
      int expertsEvery,
      int experts,
      int mostExperts) {
    static Settings of(Config config) {
      for (var key : NOT_BUILT) {
        if (config.has(key) && !isFalse(config, key)) {
          throw config.wrong(key, config.shown(key) + " is not built for this family");
        }
      }
      for (var key : OF_TRANSFORMERS_5) {
        if (config.has(key)) {
          throw config.wrong(
              key, "files of transformers 5 are not read for this family: take the published one");
        }
      }
      int hidden = config.positive("n_embd", 768);
      int heads = config.positive("n_head", 12);
      FamilySettings.checkHeads(config, hidden, heads);
      int size = hidden / heads;
      double fraction = config.decimal("rotary_emb_fraction", 1, 0, 1);
      int multiple = config.positive("pad_vocab_size_multiple", 1);
      int vocabulary = config.positive("vocab_size", 30528);
      int experts = config.positive("num_experts", 8);
      boolean interleaved = config.bool("rotary_emb_interleaved", false);
      var settings =
          new Settings(
              Math.ceilDiv(vocabulary, multiple) * multiple,
              hidden,
              config.positive("n_layer", 12, FamilySettings.MOST_LAYERS),
              heads,
              config.positive("n_inner", 4 * hidden),
              gate(config),
              config.positive("n_positions", 2048),
              config.bounded("type_vocab_size", 2, 0, Config.LARGEST),
              (float) config.decimal("layer_norm_epsilon", 1e-12, 0, 1),
              config.bool("qkv_proj_bias", true),
              config.bool("mlp_fc1_bias", true),
              config.bool("mlp_fc2_bias", true),
              (int) (size * fraction),
              config.decimal("rotary_emb_base", 10_000, 1, Double.MAX_VALUE),
              interleaved ? Layout.ADJACENT : Layout.HALVES,
              config.decimal("rotary_scaling_factor", 0, 0, 1e6),
              config.positive("max_trained_positions", 2048),
              config.bounded("moe_every_n_layers", 0, 0, FamilySettings.MOST_LAYERS),
              experts,
              config.positive("moe_top_k", 1, experts));
      if (settings.rotated % 2 != 0) {
        throw config.wrong(
            "rotary_emb_fraction", settings.rotated + " numbers of a head are no pairs");
      }
      return settings;
    }

    private static boolean isFalse(Config config, String key) {
      return JsonConfig.tree(config).get(key).isBoolean() && !config.bool(key, false);
    }

    private static @Nullable Activation gate(Config config) {
      return switch (config.text("activation_function", "gelu")) {
        case "swiglu" -> Activation.SILU;
        case "geglu" -> Activation.GELU;
        case "glu" -> Activation.SIGMOID;
        default -> null;
      };
    }

    int headSize() {
      return hidden / heads;
    }

    boolean isMixture(int layer) {
      return expertsEvery > 0 && layer % expertsEvery == 1;
    }

    /** The angles of a call. */
    Rotation rotation(Pass pass, InputTokens tokens) {
      boolean longer = scaling > 0 && tokens.length() > trained;
      if (longer && tokens.seen() != null) {
        for (float seen : tokens.seen()) {
          if (seen != 1) {
            throw new InputException(
                "attention_mask: beyond max_trained_positions "
                    + trained
                    + " the angles of rotary_scaling_factor depend on the longest row of a batch:"
                    + " give rows of one length, without padding");
          }
        }
      }
      var frequencies =
          longer
              ? RotaryFrequencies.dynamicNtk(theta, rotated, scaling, tokens.length(), trained)
              : RotaryFrequencies.of(theta, rotated);
      return frequencies.rotation(
          pass, tokens.batch(), tokens.length(), tokens.positions(), headSize(), layout);
    }
  }

  /** The published names to layers. */
  static NomicBert load(LayerSource from, HeadPlan head) {
    var settings = Settings.of(from.config());
    from.pruned().refuse(from.config(), "NomicBERT cannot lose heads");
    var root = from.weights().base("bert");
    var embeddings =
        TokenEmbeddings.withoutPositions(
            root.at("embeddings"),
            root.at("emb_ln"),
            settings.vocabulary,
            settings.types,
            settings.hidden,
            settings.epsilon);
    var layers = new ArrayList<EncoderStack.Layer>();
    for (int i = 0; i < settings.layers; i++) {
      layers.add(layer(from.packing(), settings, i, root.at("encoder.layers." + i))::apply);
    }
    int wide = Math.max(3 * settings.hidden, 2 * settings.intermediate);
    var stack =
        new EncoderStack(
            List.copyOf(layers), settings.hidden, settings.heads, wide, true, settings::rotation);
    var name = "bert.embeddings.word_embeddings";
    boolean tied = from.config().bool("tie_word_embeddings", true);
    var source =
        new HeadSource(
            from, root, settings.hidden, settings.epsilon, embeddings.words(), name, tied);
    return new NomicBert(settings, stack, embeddings, head.load(source));
  }

  private static EncoderLayer layer(Packing packing, Settings settings, int i, Weights at) {
    int hidden = settings.hidden;
    boolean biased = settings.attentionBias;
    return new EncoderLayer(
        new DenseAttention(
            Linear.load(packing, hidden, 3 * hidden, biased, at.at("attn.Wqkv")),
            Linear.load(packing, hidden, hidden, biased, at.at("attn.out_proj")),
            new AttentionHeads(settings.heads, settings.headSize(), null)),
        LayerNorm.load(hidden, settings.epsilon, at.at("norm1")),
        mlp(packing, settings, i, at.at("mlp")),
        LayerNorm.load(hidden, settings.epsilon, at.at("norm2")));
  }

  private static Mlp mlp(Packing packing, Settings settings, int i, Weights at) {
    int hidden = settings.hidden;
    int inner = settings.intermediate;
    if (settings.isMixture(i)) {
      return ExpertsFeedForward.load(
          packing, hidden, inner, settings.experts, settings.mostExperts, Activation.GELU, at);
    }
    var out = Linear.load(packing, inner, hidden, settings.outBias, at.at("fc2"));
    if (settings.gate == null) {
      var in = Linear.load(packing, hidden, inner, settings.inBias, at.at("fc1"));
      return new FeedForward(in, Activation.GELU, out);
    }
    var in = Linear.load(packing, hidden, inner, settings.inBias, at.at("fc11"), at.at("fc12"));
    return new GatedFeedForward(in, GatedFeedForward.Order.VALUE_THEN_GATE, settings.gate, out);
  }

  /** {@code NomicBertForPreTraining} scores masked words and nothing else. */
  static HeadPlan.@Nullable Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM, PRE_TRAINING -> NomicBert::words;
      case SEQUENCE_CLASSIFICATION ->
          from -> from.sequence(from.pooler("pooler.dense"), "classifier");
      case MULTIPLE_CHOICE -> from -> from.choice(from.pooler("pooler.dense"), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      default -> null;
    };
  }

  /** {@code NomicBertLMPredictionHead}: its biases are there if {@code mlp_fc1_bias} is. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var settings = Settings.of(from.source().config());
    var packing = from.source().packing();
    var at = from.source().head().at("cls.predictions");
    int hidden = settings.hidden;
    boolean swiglu = settings.gate == Activation.SILU;
    var decoder =
        settings.inBias
            ? from.scores(packing, at, "decoder", "decoder.bias")
            : from.scores(packing, at.at("decoder"), packing.region().floats(settings.vocabulary));
    return new TokenHeads.MaskedLm(
        Linear.load(packing, hidden, hidden, settings.inBias, at.at("transform.dense")),
        swiglu ? Activation.SILU : Activation.GELU,
        LayerNorm.load(hidden, settings.epsilon, at.at("transform.layer_norm")),
        decoder);
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    int any = Integer.MAX_VALUE;
    var limits =
        new InputTokens.Limits(
            settings.vocabulary, settings.hidden, settings.types, any, any, false);
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
    return settings.hidden();
  }

  @Override
  public int longest() {
    return settings.positions;
  }

  @Override
  public Dropout.Rates dropout(Config config) {
    double residual = FamilySettings.rate(config, "resid_pdrop", 0.1);
    return new Dropout.Rates(
        FamilySettings.rate(config, "embd_pdrop", 0.1),
        residual,
        residual,
        FamilySettings.rate(config, "attn_pdrop", 0.1),
        0,
        0,
        FamilySettings.rate(config, "classifier_dropout", residual));
  }
}
