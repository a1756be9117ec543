package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.RopeScaling;
import io.lanewise.family.stack.EncoderCall;
import io.lanewise.family.stack.LayerStack;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.RotaryTable.Layout;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.GatedFeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PreNormLayer;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.LocalAttention;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RotaryFrequencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ModernBERT (Warner et al. 2024): pre-norm layers with rotary positions and GEGLU, of which most
 * see a window of neighbours and every few see all tokens. Hugging Face's {@code
 * modeling_modernbert.py}.
 *
 * <p>Positions turn queries and keys alone, so sequences may be longer than {@code
 * max_position_embeddings}. A window goes by the places of the tokens, whatever {@code
 * position_ids} say.
 *
 * @param norm of the embeddings
 * @param finalNorm behind the last layer; hidden states are those before it
 */
record ModernBert(
    Settings settings,
    EmbeddingTable words,
    LayerNorm norm,
    List<PreNormLayer> layers,
    LayerNorm finalNorm,
    ModelHead head)
    implements Family {
  static final ModelType TYPE =
      new ModelType("modernbert", "ModernBert", ModernBertHeads::of, ModernBert::load);

  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "position_ids");

  /** Those whose classes take token types without a look at them. */
  private static final Set<Head> TAKING_TYPES =
      Set.of(Head.MASKED_LM, Head.SEQUENCE_CLASSIFICATION, Head.QUESTION_ANSWERING);

  /**
   * {@code ModernBertConfig}.
   *
   * @param every layers 0, {@code every}, {@code 2 * every} … see all tokens
   * @param reach neighbours on each side that the other layers see
   */
  record Settings(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int intermediate,
      Activation activation,
      int positions,
      float epsilon,
      boolean normBias,
      boolean attentionBias,
      boolean mlpBias,
      int every,
      int reach,
      RotaryFrequencies global,
      RotaryFrequencies local) {
    static Settings of(Config config) {
      int hidden = config.positive("hidden_size", 768);
      int heads = config.positive("num_attention_heads", 12);
      FamilySettings.checkHeads(config, hidden, heads);
      int size = hidden / heads;
      RopeScaling.checkWholeHeads(config, size);
      double theta = config.decimal("global_rope_theta", 160_000, 1, Double.MAX_VALUE);
      double near = JsonConfig.tree(config).has("local_rope_theta") ? theta : 10_000;
      near = config.decimal("local_rope_theta", near, 1, Double.MAX_VALUE);
      return new Settings(
          config.positive("vocab_size", 50368),
          hidden,
          config.positive("num_hidden_layers", 22, FamilySettings.MOST_LAYERS),
          heads,
          config.positive("intermediate_size", 1152),
          FamilySettings.activation(config, "hidden_activation", "gelu"),
          config.positive("max_position_embeddings", 8192),
          (float) config.decimal("norm_eps", 1e-5, 0, 1),
          config.bool("norm_bias", false),
          config.bool("attention_bias", false),
          config.bool("mlp_bias", false),
          config.positive("global_attn_every_n_layers", 3),
          reach(config.integer("local_attention", 128)),
          RopeScaling.linear(config, RotaryFrequencies.of(theta, size)),
          RopeScaling.linear(config, RotaryFrequencies.of(near, size)));
    }

    /** Python's {@code window // 2}; Flash Attention takes -1 on both sides for no window. */
    private static int reach(int window) {
      int half = Math.floorDiv(window, 2);
      return half == -1 ? Integer.MAX_VALUE : half;
    }

    int headSize() {
      return hidden / heads;
    }

    boolean isGlobal(int layer) {
      return layer % every == 0;
    }

    LayerNorm norm(Packing packing, Weights at) {
      return normBias
          ? LayerNorm.load(hidden, epsilon, at)
          : LayerNorm.withoutBias(packing, hidden, epsilon, at);
    }
  }

  /** Hugging Face's names to layers. */
  static ModernBert load(LayerSource from, HeadPlan head) {
    var config = from.config();
    var settings = Settings.of(config);
    from.pruned().refuse(config, "ModernBERT cannot lose heads");
    var packing = from.packing();
    var root = from.weights().base("model");
    var embeddings = root.at("embeddings");
    var words =
        EmbeddingTable.load(settings.vocabulary, settings.hidden, embeddings.at("tok_embeddings"));
    var norm = settings.norm(packing, embeddings.at("norm"));
    var layers = new ArrayList<PreNormLayer>();
    for (int i = 0; i < settings.layers; i++) {
      layers.add(layer(packing, settings, i, root.at("layers." + i)));
    }
    var finalNorm = settings.norm(packing, root.at("final_norm"));
    var name = "model.embeddings.tok_embeddings";
    boolean tied = config.bool("tie_word_embeddings", true);
    var source = new HeadSource(from, root, settings.hidden, settings.epsilon, words, name, tied);
    return new ModernBert(settings, words, norm, List.copyOf(layers), finalNorm, head.load(source));
  }

  /** The embeddings are normalised already, so the first layer has no norm before its attention. */
  private static PreNormLayer layer(Packing packing, Settings settings, int i, Weights at) {
    int hidden = settings.hidden;
    int wide = settings.intermediate;
    var dense =
        new DenseAttention(
            Linear.load(packing, hidden, 3 * hidden, settings.attentionBias, at.at("attn.Wqkv")),
            Linear.load(packing, hidden, hidden, settings.attentionBias, at.at("attn.Wo")),
            new AttentionHeads(settings.heads, settings.headSize(), null));
    return new PreNormLayer(
        i == 0 ? null : settings.norm(packing, at.at("attn_norm")),
        settings.isGlobal(i) ? dense : new LocalAttention(dense, settings.reach),
        settings.norm(packing, at.at("mlp_norm")),
        new GatedFeedForward(
            Linear.load(packing, hidden, 2 * wide, settings.mlpBias, at.at("mlp.Wi")),
            GatedFeedForward.Order.GATE_THEN_VALUE,
            settings.activation,
            Linear.load(packing, wide, hidden, settings.mlpBias, at.at("mlp.Wo"))));
  }

  /** {@code ModernBertModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs given, KeyValueCache cache, Set<Keep> keep) {
    var inputs = head.check(given, names());
    int any = Integer.MAX_VALUE;
    var limits = new InputTokens.Limits(settings.vocabulary, settings.hidden, any, any, any, false);
    var tokens = InputTokens.read(inputs, limits, head.hasChoices()).withWholeMask();
    int width = Math.max(3 * settings.hidden, 2 * settings.intermediate);
    CheckedInputs.checkSize("the states", tokens.batch(), tokens.length(), width);
    if (keep.contains(Keep.ATTENTIONS)) {
      int length = tokens.length();
      CheckedInputs.checkSize(
          "the attention scores", tokens.batch(), settings.heads, length, length);
    }
    return EncoderCall.of(head, inputs, tokens, null).run(pass, keep, this::encode);
  }

  private List<String> names() {
    var names = new ArrayList<>(INPUTS);
    if (TAKING_TYPES.contains(head.kind())) {
      names.add("token_type_ids");
    }
    if (head.kind() == Head.QUESTION_ANSWERING) {
      names.remove("inputs_embeds");
    }
    return names;
  }

  private LastStates encode(Pass pass, EncoderCall call) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    int length = tokens.length();
    int size = settings.headSize();
    var sequences = call.unpadded(pass);
    var rows = tokens.rows(sequences);
    var x = pass.matrix(rows.count(), settings.hidden); // [rows, hidden]
    if (rows.ids() == null) {
      x.copyFrom(rows.embeddings(), 0);
    } else {
      words.apply(pass, rows.ids(), x);
    }
    norm.apply(pass, x, x);
    pass.dropout().embeddings(pass, x);
    var positions = tokens.positions();
    var far = settings.global.rotation(pass, batch, length, positions, size, Layout.HALVES);
    var near = settings.local.rotation(pass, batch, length, positions, size, Layout.HALVES);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, mask, read, y) -> {
              var turned = mask.withRotation(settings.isGlobal(i) ? far : near);
              layers.get(i).apply(traced, states, batch, turned, null, read, y);
            });
    var last =
        stack.run(
            pass,
            x,
            batch,
            call.read(),
            sequences,
            () -> Mask.padding(pass, tokens.seen(), batch, length));
    finalNorm.apply(pass, last.states(), last.states());
    return last;
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
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(
        Map.of(
            "pad_token_id", 50283,
            "eos_token_id", 50282,
            "bos_token_id", 50281,
            "cls_token_id", 50281,
            "sep_token_id", 50282));
  }

  /** {@code attention_dropout} is for probabilities and for what attention adds. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double attention = FamilySettings.rate(config, "attention_dropout", 0);
    return new Dropout.Rates(
        FamilySettings.rate(config, "embedding_dropout", 0),
        attention,
        0,
        attention,
        FamilySettings.rate(config, "mlp_dropout", 0),
        0,
        FamilySettings.rate(config, "classifier_dropout", 0));
  }
}
