package io.lanewise.family;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.SequenceHeads;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.EncoderCall;
import io.lanewise.family.stack.LayerStack;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeptHeads;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ALBERT (Lan et al. 2019): BERT with embeddings narrower than the hidden states, and with layers
 * that share their weights. Hugging Face's {@code modeling_albert.py}.
 *
 * @param mapping from the embeddings to the hidden states
 * @param groups for each group of layers the weights that all of them use, one inner layer after
 *     the other
 * @param kept heads of the inner layers of all groups, one group after the other
 */
record Albert(
    AlbertConfig sizes,
    TokenEmbeddings embeddings,
    Linear mapping,
    List<List<EncoderLayer>> groups,
    List<KeptHeads> kept,
    ModelHead head)
    implements Family {
  static final ModelType TYPE = new ModelType("albert", "Albert", Albert::head, Albert::load);

  private static final List<String> INPUTS =
      List.of(
          "input_ids",
          "inputs_embeds",
          "attention_mask",
          "token_type_ids",
          "position_ids",
          "head_mask");

  /** What config.json says; the defaults are those of Hugging Face's {@code AlbertConfig}. */
  record AlbertConfig(
      int vocabulary,
      int embedding,
      int hidden,
      int layers,
      int groups,
      int innerLayers,
      int heads,
      int intermediate,
      Activation activation,
      int positions,
      int types,
      float epsilon,
      PositionType positionType,
      boolean tied) {

    static AlbertConfig of(Config config) {
      var sizes =
          new AlbertConfig(
              config.positive("vocab_size", 30000),
              config.positive("embedding_size", 128),
              config.positive("hidden_size", 4096),
              config.positive("num_hidden_layers", 12, FamilySettings.MOST_LAYERS),
              config.positive("num_hidden_groups", 1),
              config.positive("inner_group_num", 1, FamilySettings.MOST_LAYERS),
              config.positive("num_attention_heads", 64),
              config.positive("intermediate_size", 16384),
              FamilySettings.activation(config, "gelu_new"),
              config.positive("max_position_embeddings", 512),
              config.positive("type_vocab_size", 2),
              (float) config.decimal("layer_norm_eps", 1e-12, 0, 1),
              FamilySettings.positionType(config),
              config.bool("tie_word_embeddings", true));
      FamilySettings.checkHeads(config, sizes.hidden, sizes.heads);
      if ((long) sizes.layers * sizes.innerLayers > FamilySettings.MOST_LAYERS) {
        throw config.wrong(
            "inner_group_num",
            sizes.innerLayers
                + " for each of "
                + sizes.layers
                + " layers (num_hidden_layers) are more than "
                + FamilySettings.MOST_LAYERS);
      }
      if (sizes.groups > sizes.layers) {
        throw config.wrong(
            "num_hidden_groups", sizes.groups + " groups for " + sizes.layers + " layers");
      }
      return sizes;
    }
  }

  /** Hugging Face's names to layers. */
  static Albert load(LayerSource from, HeadPlan head) {
    var sizes = AlbertConfig.of(from.config());
    var root = from.weights().base("albert");
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            sizes.vocabulary,
            sizes.types,
            sizes.positions,
            sizes.embedding,
            sizes.epsilon,
            sizes.positionType == PositionType.ABSOLUTE);
    var encoder = root.at("encoder");
    var mapping =
        Linear.load(
            from.packing(),
            sizes.embedding,
            sizes.hidden,
            encoder.at("embedding_hidden_mapping_in"));
    var kept = from.pruned().of(from.config(), sizes.groups * sizes.innerLayers, sizes.heads);
    var groups = new ArrayList<List<EncoderLayer>>();
    for (int group = 0; group < sizes.groups; group++) {
      var layers = new ArrayList<EncoderLayer>();
      for (int inner = 0; inner < sizes.innerLayers; inner++) {
        var at = encoder.at("albert_layer_groups." + group).at("albert_layers." + inner);
        var heads = kept.get(group * sizes.innerLayers + inner);
        layers.add(layer(sizes, heads, at, from.packing()));
      }
      groups.add(List.copyOf(layers));
    }
    var source =
        new HeadSource(
            from,
            root,
            sizes.hidden,
            sizes.epsilon,
            embeddings.words(),
            "albert.embeddings.word_embeddings",
            sizes.tied);
    return new Albert(sizes, embeddings, mapping, List.copyOf(groups), kept, head.load(source));
  }

  private static EncoderLayer layer(
      AlbertConfig sizes, KeptHeads heads, Weights at, Packing packing) {
    var attention = at.at("attention");
    return new EncoderLayer(
        DenseAttention.load(
            packing,
            sizes.hidden,
            heads,
            attention.at("query"),
            attention.at("key"),
            attention.at("value"),
            attention.at("dense"),
            relativePositions(sizes, attention.at("distance_embedding"), packing)),
        LayerNorm.load(sizes.hidden, sizes.epsilon, attention.at("LayerNorm")),
        FeedForward.load(
            packing,
            sizes.hidden,
            sizes.intermediate,
            sizes.activation,
            at.at("ffn"),
            at.at("ffn_output")),
        LayerNorm.load(sizes.hidden, sizes.epsilon, at.at("full_layer_layer_norm")));
  }

  /** {@code AlbertAttention} adds them to scores already divided by √headSize; BERT does before. */
  private static RelativePositions relativePositions(
      AlbertConfig sizes, Weights at, Packing packing) {
    int headSize = sizes.hidden / sizes.heads;
    if (sizes.positionType == PositionType.ABSOLUTE) {
      return null;
    }
    boolean keys = sizes.positionType == PositionType.RELATIVE_KEY_QUERY;
    float unscaled = (float) Math.sqrt(headSize);
    return RelativePositions.load(packing, keys, sizes.positions, headSize, unscaled, at);
  }

  /** {@code AlbertForPreTraining} and so on. */
  static HeadPlan.Loader head(Head kind) {
    var pooler = "pooler";
    var classifier = "classifier";
    return switch (kind) {
      case MODEL -> from -> from.none(pooler);
      case MASKED_LM -> Albert::words;
      case PRE_TRAINING ->
          from ->
              new SequenceHeads.PreTraining(
                  words(from),
                  from.pooler(pooler),
                  from.linear(from.labels(), "sop_classifier.classifier"), // AlbertSOPHead
                  "sop_logits",
                  "sentence_order_label");
      case SEQUENCE_CLASSIFICATION -> from -> from.sequence(from.pooler(pooler), classifier);
      case MULTIPLE_CHOICE -> from -> from.choice(from.pooler(pooler), classifier);
      case TOKEN_CLASSIFICATION -> from -> from.token(classifier);
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case NEXT_SENTENCE_PREDICTION ->
          throw new CheckpointException(
              "albert has no head "
                  + kind.suffix()
                  + ": it has learned the order of sentences instead: ask for that",
              Remedy.SENTENCE_ORDER);
      case CAUSAL_LM, CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code AlbertMLMHead}: back to the size of the embeddings, then to the words. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    return from.words("predictions", "dense", from.activation("gelu_new"), "LayerNorm");
  }

  /** {@code AlbertModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs given, KeyValueCache cache, Set<Keep> keep) {
    var inputs = head.check(given, INPUTS);
    var limits =
        new InputTokens.Limits(sizes.vocabulary, sizes.embedding, sizes.types, sizes.positions);
    var tokens = InputTokens.read(inputs, limits, head.hasChoices());
    var headMask = headMask(inputs);
    checkSizes(tokens, keep);
    return EncoderCall.of(head, inputs, tokens, headMask).run(pass, keep, this::encode);
  }

  /** {@code AlbertTransformer}: the states of the last layer. */
  private LastStates encode(Pass pass, EncoderCall call) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    var sequences = sizes.positionType == PositionType.ABSOLUTE ? call.unpadded(pass) : null;
    var rows = tokens.rows(sequences);
    var x = pass.matrix(rows.count(), sizes.hidden); // [rows, hidden]
    try (var _ = pass.frame()) {
      var embedded = pass.matrix(rows.count(), sizes.embedding); // [rows, embedding]
      rows.embed(pass, embeddings, rows.positionsOrCount(), embedded);
      mapping.apply(pass, embedded, x);
    }
    var stack =
        new LayerStack(
            sizes.layers,
            (traced, i, states, mask, read, y) ->
                applyGroup(traced, i, states, batch, mask, call.headMask(), read, y));
    return stack.run(
        pass,
        x,
        batch,
        call.read(),
        sequences,
        () -> Mask.padding(pass, tokens.seen(), batch, tokens.length()));
  }

  /** {@code AlbertLayerGroup}: the inner layers, of which the last one may restrict itself. */
  private void applyGroup(
      Pass pass,
      int layer,
      Matrix x,
      int batch,
      Mask mask,
      float[][] headMask,
      @Nullable ReadTokens read,
      Matrix y) {
    int group = group(layer);
    for (int inner = 0; inner < sizes.innerLayers; inner++) {
      var left = kept.get(group * sizes.innerLayers + inner);
      var heads = headMask == null ? null : left.of(headMask[maskRow(group, inner)]);
      boolean last = inner == sizes.innerLayers - 1;
      groups
          .get(group)
          .get(inner)
          .apply(pass, x, batch, mask, heads, last ? read : null, last ? y : x);
    }
  }

  /**
   * The group of a layer, as {@code AlbertTransformer} rounds it where they do not come out even.
   */
  private int group(int layer) {
    return (int) (layer / ((double) sizes.layers / sizes.groups));
  }

  /**
   * The row of the head mask for a layer. {@code AlbertTransformer} counts rows by groups and inner
   * layers: all layers of a group share theirs, although the mask has one for each layer.
   */
  private int maskRow(int group, int inner) {
    return group * (sizes.layers / sizes.groups) + inner;
  }

  private float[][] headMask(CheckedInputs inputs) {
    if (inputs.has("head_mask") && sizes.innerLayers > sizes.layers / sizes.groups) {
      throw new InputException(
          "head_mask: its rows do not reach the "
              + sizes.innerLayers
              + " inner layers of a group of "
              + sizes.layers / sizes.groups
              + " layers: leave it out");
    }
    return inputs.headMask("head_mask", sizes.layers, sizes.heads);
  }

  private void checkSizes(InputTokens tokens, Set<Keep> keep) {
    int width = Math.max(3 * sizes.hidden, sizes.intermediate);
    CheckedInputs.checkSize("the states", tokens.batch(), tokens.length(), width);
    if (keep.contains(Keep.ATTENTIONS) || sizes.positionType != PositionType.ABSOLUTE) {
      int length = tokens.length();
      CheckedInputs.checkSize("the attention scores", tokens.batch(), sizes.heads, length, length);
    }
  }

  @Override
  public int hiddenSize() {
    return sizes.hidden();
  }

  @Override
  public int longest() {
    return sizes.positions;
  }

  /** {@code AlbertLayer} drops nothing of its feed-forward layers. */
  @Override
  public Dropout.Rates dropout(Config config) {
    return new Dropout.Rates(
        FamilySettings.rate(config, "hidden_dropout_prob", 0),
        0,
        FamilySettings.rate(config, "attention_probs_dropout_prob", 0),
        0,
        0,
        FamilySettings.rate(config, "classifier_dropout_prob", 0.1));
  }
}
