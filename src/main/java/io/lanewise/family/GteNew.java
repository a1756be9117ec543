package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.RopeScaling;
import io.lanewise.family.stack.EncoderStack;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.RotaryTable.Layout;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.GatedFeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Norm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.RmsNorm;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.RotaryFrequencies;
import io.lanewise.nn.attention.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GTE of the second generation (Zhang et al. 2024), {@code model_type} {@code new}: BERT with
 * rotary positions and gated feed-forward layers, whose first half is the value. The published code
 * lies in another repository ({@code modeling.py} of Alibaba-NLP/new-impl); it is not run.
 */
record GteNew(Settings settings, EncoderStack stack, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  static final ModelType TYPE = new ModelType("new", "New", GteNew::head, GteNew::load);

  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /**
   * {@code NewConfig}.
   *
   * @param frequencies of the rotation; null where positions are embedded
   * @param packed whether queries, keys and values are one tensor in the file
   * @param scaled whether scores grow with the logarithm of the tokens that are seen
   * @param clipped whether that stays below 1
   */
  record Settings(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int intermediate,
      Activation activation,
      int positions,
      int types,
      float epsilon,
      boolean rootNorms,
      @Nullable RotaryFrequencies frequencies,
      boolean packed,
      boolean scaled,
      boolean clipped) {
    static Settings of(Config config) {
      int hidden = config.positive("hidden_size", 768);
      int heads = config.positive("num_attention_heads", 12);
      FamilySettings.checkHeads(config, hidden, heads);
      RopeScaling.checkWholeHeads(config, hidden / heads);
      var norms = List.of("layer_norm", "rms_norm");
      var places = List.of("rope", "absolute");
      boolean turns = config.choice("position_embedding_type", "rope", places).equals("rope");
      return new Settings(
          config.positive("vocab_size", 30528),
          hidden,
          config.positive("num_hidden_layers", 12, FamilySettings.MOST_LAYERS),
          heads,
          config.positive("intermediate_size", 3072),
          FamilySettings.activation(config, "gelu"),
          config.positive("max_position_embeddings", 2048),
          config.bounded("type_vocab_size", 1, 0, Config.LARGEST),
          (float) config.decimal("layer_norm_eps", 1e-12, 0, 1),
          config.choice("layer_norm_type", "layer_norm", norms).equals("rms_norm"),
          turns ? frequencies(config, hidden / heads) : null,
          config.bool("pack_qkv", true),
          config.bool("logn_attention_scale", false),
          config.bool("logn_attention_clip1", false));
    }

    /** {@code NTKScalingRotaryEmbedding} if {@code rope_scaling} asks for it. */
    private static RotaryFrequencies frequencies(Config config, int size) {
      double theta = config.decimal("rope_theta", 10_000, 1, Double.MAX_VALUE);
      var scaling = RopeScaling.of(config);
      if (scaling == null) {
        return RotaryFrequencies.of(theta, size);
      }
      if (!scaling.type().equals("ntk")) {
        throw scaling.unknown("ntk");
      }
      double factor = scaling.factor();
      return scaling.settings().hasNonNull("mixed_b")
          ? RotaryFrequencies.mixedNtk(theta, size, factor, scaling.number("mixed_b", 0))
          : RotaryFrequencies.ntk(theta, size, factor);
    }

    int headSize() {
      return hidden / heads;
    }

    Norm norm(Weights at) {
      return rootNorms ? RmsNorm.load(hidden, epsilon, at) : LayerNorm.load(hidden, epsilon, at);
    }

    /** How queries and keys of a call are turned; null for not at all. */
    @Nullable Rotation rotation(Pass pass, InputTokens tokens) {
      int batch = tokens.batch();
      int length = tokens.length();
      var plain =
          frequencies == null
              ? null
              : frequencies.rotation(
                  pass, batch, length, tokens.positions(), headSize(), Layout.HALVES);
      return scaled ? scaled(pass, tokens, plain) : plain;
    }

    /** {@code logn_attention_scale}: the factor of a query goes into its angles. */
    private Rotation scaled(Pass pass, InputTokens tokens, @Nullable Rotation plain) {
      int rows = tokens.batch() * tokens.length();
      var turning = plain == null ? standing(pass, rows) : plain;
      var from = turning.queries();
      var cosines = pass.matrix(rows, from.pairs());
      var sines = pass.matrix(rows, from.pairs());
      for (int i = 0; i < rows; i++) {
        float factor = factor(tokens, i / tokens.length());
        int position = turning.positions()[i];
        scale(from.cosines().rows(position, 1), factor, cosines.rows(i, 1));
        scale(from.sines().rows(position, 1), factor, sines.rows(i, 1));
      }
      var queries = new RotaryTable(headSize(), Layout.HALVES, cosines, sines);
      return turning.withQueries(pass, queries);
    }

    /** No angle at all. */
    private Rotation standing(Pass pass, int rows) {
      var still = new RotaryFrequencies(new float[headSize() / 2]);
      return Rotation.of(still.table(pass, 1, headSize(), Layout.HALVES), new int[rows]);
    }

    private static void scale(Matrix from, float factor, Matrix to) {
      var row = from.toArray();
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
      to.copyFrom(row, 0);
    }

    private float factor(InputTokens tokens, int sequence) {
      double count = tokens.seen() == null ? tokens.length() : 0;
      int first = sequence * tokens.length();
      for (int t = first; tokens.seen() != null && t < first + tokens.length(); t++) {
        count += tokens.seen()[t];
      }
      double factor = Math.log(count) / Math.log(positions);
      return (float) (clipped ? Math.min(1, factor) : factor);
    }
  }

  /** The published names to layers. */
  static GteNew load(LayerSource from, HeadPlan head) {
    var settings = Settings.of(from.config());
    from.pruned().refuse(from.config(), "GTE cannot lose heads");
    var root = from.weights().base("new");
    var at = root.at("embeddings");
    int hidden = settings.hidden;
    var embeddings =
        TokenEmbeddings.withoutPositions(
            at, at.at("LayerNorm"), settings.vocabulary, settings.types, hidden, settings.epsilon);
    if (settings.frequencies == null) {
      var place = at.at("position_embeddings");
      embeddings = embeddings.withPositions(EmbeddingTable.load(settings.positions, hidden, place));
    }
    var layers = new ArrayList<EncoderStack.Layer>();
    for (int i = 0; i < settings.layers; i++) {
      layers.add(layer(from.packing(), settings, root.at("encoder.layer." + i))::apply);
    }
    int wide = Math.max(3 * hidden, 2 * settings.intermediate);
    var stack =
        new EncoderStack(
            List.copyOf(layers), hidden, settings.heads, wide, true, settings::rotation);
    var name = "new.embeddings.word_embeddings";
    boolean tied = from.config().bool("tie_word_embeddings", true);
    var source =
        new HeadSource(from, root, hidden, settings.epsilon, embeddings.words(), name, tied);
    return new GteNew(settings, stack, embeddings, head.load(source));
  }

  private static EncoderLayer layer(Packing packing, Settings settings, Weights at) {
    int hidden = settings.hidden;
    int inner = settings.intermediate;
    var attention = at.at("attention");
    var projection =
        settings.packed
            ? Linear.load(packing, hidden, 3 * hidden, attention.at("qkv_proj"))
            : Linear.fused(
                packing,
                hidden,
                hidden,
                attention.at("q_proj"),
                attention.at("k_proj"),
                attention.at("v_proj"));
    return new EncoderLayer(
        new DenseAttention(
            projection,
            Linear.load(packing, hidden, hidden, attention.at("o_proj")),
            new AttentionHeads(settings.heads, settings.headSize(), null)),
        settings.norm(at.at("attn_ln")),
        new GatedFeedForward(
            Linear.withoutBias(packing, hidden, 2 * inner, at.at("mlp.up_gate_proj")),
            GatedFeedForward.Order.VALUE_THEN_GATE,
            settings.activation,
            Linear.load(packing, inner, hidden, at.at("mlp.down_proj"))),
        settings.norm(at.at("mlp_ln")));
  }

  /** {@code NewForMaskedLM} and so on. */
  static HeadPlan.@Nullable Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM ->
          from -> {
            var activation = from.activation("gelu");
            return from.words("lm_head", "dense", activation, "norm", "decoder", "decoder.bias");
          };
      case SEQUENCE_CLASSIFICATION ->
          from -> from.sequence(from.pooler("pooler.dense"), "classifier");
      case MULTIPLE_CHOICE -> from -> from.choice(from.pooler("pooler.dense"), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      default -> null;
    };
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    boolean turns = settings.frequencies != null;
    int most = turns ? Integer.MAX_VALUE : settings.positions;
    var limits =
        new InputTokens.Limits(
            settings.vocabulary, settings.hidden, settings.types, most, most, false);
    return stack.forward(
        pass,
        head,
        INPUTS,
        limits,
        inputs,
        keep,
        (traced, tokens, x) ->
            tokens.embed(traced, embeddings, turns ? null : tokens.positionsOrCount(), x));
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
    double hidden = FamilySettings.rate(config, "hidden_dropout_prob", 0.1);
    double attention = FamilySettings.rate(config, "attention_probs_dropout_prob", 0);
    double classifier = FamilySettings.rate(config, "classifier_dropout", hidden);
    return new Dropout.Rates(hidden, hidden, attention, 0, 0, classifier);
  }
}
