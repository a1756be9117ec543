package io.lanewise.family;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
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
import io.lanewise.nn.Trace;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeptHeads;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * ALBERT (Lan et al. 2019): BERT with embeddings narrower than the hidden states, and with layers
 * that share their weights.
 *
 * @param mapping from the embeddings to the hidden states
 * @param groups for each group of layers the weights that all of them use, one inner layer after
 *     the other
 * @param kept heads of the inner layers of all groups, one group after the other
 */
record Albert(
    Hyperparameters sizes,
    TokenEmbeddings embeddings,
    Linear mapping,
    List<List<EncoderLayer>> groups,
    List<KeptHeads> kept,
    Head kind,
    HeadLayers head)
    implements Family {

  /** What config.json says; the defaults are those of Hugging Face's {@code AlbertConfig}. */
  record Hyperparameters(
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

    static Hyperparameters of(Config config) {
      var sizes =
          new Hyperparameters(
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
  static Albert load(LayerSource from, Head kind) {
    var sizes = Hyperparameters.of(from.config());
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
    var head = head(sizes, kind, from, root.at("pooler"), embeddings);
    return new Albert(sizes, embeddings, mapping, List.copyOf(groups), kept, kind, head);
  }

  private static EncoderLayer layer(
      Hyperparameters sizes, KeptHeads heads, Weights at, Packing packing) {
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
      Hyperparameters sizes, Weights at, Packing packing) {
    int headSize = sizes.hidden / sizes.heads;
    float unscaled = (float) Math.sqrt(headSize);
    return switch (sizes.positionType) {
      case ABSOLUTE -> null;
      case RELATIVE_KEY ->
          RelativePositions.load(packing, false, sizes.positions, headSize, unscaled, at);
      case RELATIVE_KEY_QUERY ->
          RelativePositions.load(packing, true, sizes.positions, headSize, unscaled, at);
    };
  }

  private static HeadLayers head(
      Hyperparameters sizes,
      Head kind,
      LayerSource from,
      Weights pooler,
      TokenEmbeddings embeddings) {
    int hidden = sizes.hidden;
    return switch (kind) {
      case MODEL -> new HeadLayers.None(from.optionalPooler(hidden, pooler));
      case PRE_TRAINING ->
          new HeadLayers.PreTraining(
              words(sizes, from, embeddings),
              from.pooler(hidden, pooler),
              from.linear(hidden, from.labels(), "sop_classifier.classifier"),
              "sop_logits",
              "sentence_order_label");
      case MASKED_LM -> words(sizes, from, embeddings);
      case SEQUENCE_CLASSIFICATION ->
          new HeadLayers.Sequence(
              from.pooler(hidden, pooler),
              from.linear(hidden, from.labels(), "classifier"),
              from.problemType());
      case MULTIPLE_CHOICE ->
          new HeadLayers.Choice(from.pooler(hidden, pooler), from.linear(hidden, 1, "classifier"));
      case TOKEN_CLASSIFICATION ->
          new HeadLayers.Token(from.linear(hidden, from.labels(), "classifier"));
      case QUESTION_ANSWERING -> new HeadLayers.Span(from.linear(hidden, 2, "qa_outputs"));
      case NEXT_SENTENCE_PREDICTION ->
          throw new CheckpointException(
              "albert has no head "
                  + kind.suffix()
                  + ": it has learned the order of sentences instead: ask for that",
              Remedy.SENTENCE_ORDER);
      case CAUSAL_LM, CONDITIONAL_GENERATION -> throw FamilySettings.noHead("albert", kind);
    };
  }

  /** {@code AlbertMLMHead}: back to the size of the embeddings, then to the words. */
  private static HeadLayers.MaskedLm words(
      Hyperparameters sizes, LayerSource from, TokenEmbeddings embeddings) {
    var at = from.head().at("predictions");
    return new HeadLayers.MaskedLm(
        Linear.load(from.packing(), sizes.hidden, sizes.embedding, at.at("dense")),
        sizes.activation,
        LayerNorm.load(sizes.embedding, sizes.epsilon, at.at("LayerNorm")),
        from.decoder(at, embeddings.words(), "albert.embeddings.word_embeddings", sizes.tied));
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var request = new Request(inputs, "Albert" + kind.suffix(), names());
    var limits =
        new InputTokens.Limits(sizes.vocabulary, sizes.embedding, sizes.types, sizes.positions);
    var tokens = InputTokens.read(request, limits, kind == Head.MULTIPLE_CHOICE);
    var headMask = headMask(request);
    var finish = head.prepare(request, tokens);
    var read = head.reads(request, tokens);
    checkSizes(tokens, keep);
    var trace = new Trace(keep.contains(Keep.HIDDEN_STATES), keep.contains(Keep.ATTENTIONS));
    try (var _ = pass.frame()) {
      return finish.apply(pass.with(trace), encode(pass.with(trace), tokens, headMask, read));
    }
  }

  /** {@code AlbertTransformer}: the states of the last layer. */
  private LastStates encode(Pass pass, InputTokens tokens, float[][] headMask, ReadTokens read) {
    int batch = tokens.batch();
    int rows = batch * tokens.length();
    var restricted = pass.restricted(read);
    var y = restricted == null ? null : pass.matrix(restricted.count(), sizes.hidden);
    var x = pass.matrix(rows, sizes.hidden); // [batch * tokens, hidden]
    try (var _ = pass.frame()) {
      var embedded = pass.matrix(rows, sizes.embedding); // [batch * tokens, embedding]
      int[] positions = tokens.positionsOrCount();
      embeddings.apply(
          pass, tokens.ids(), tokens.embeddings(), tokens.types(), positions, embedded);
      mapping.apply(pass, embedded, x);
    }
    var sequences =
        sizes.positionType == PositionType.ABSOLUTE ? tokens.unpadded(pass, kind) : null;
    var left = sequences == null || y == null ? restricted : restricted.in(sequences);
    if (sequences == null || (left == null) != (y == null)) {
      var mask = Mask.padding(pass, tokens.seen(), batch, tokens.length());
      runLayers(pass, x, batch, mask, headMask, restricted, y);
    } else {
      try (var _ = pass.frame()) {
        var unpadded = pass.matrix(sequences.rows(), sizes.hidden);
        sequences.removePadding(x, unpadded);
        runLayers(pass, unpadded, batch, Mask.of(sequences), headMask, left, y);
        if (y == null) {
          sequences.restorePadding(unpadded, x);
        }
      }
    }
    return new LastStates(y == null ? x : y, restricted, batch).of(pass, read);
  }

  /**
   * Runs the layers over x in place.
   *
   * @param y where the states that are read go instead, as the last layer leaves them; null to
   *     leave all of them in x
   */
  private void runLayers(
      Pass pass, Matrix x, int batch, Mask mask, float[][] headMask, ReadTokens read, Matrix y) {
    pass.trace().hiddenState(x, batch);
    for (int i = 0; i < sizes.layers; i++) {
      int group = group(i);
      for (int inner = 0; inner < sizes.innerLayers; inner++) {
        var left = kept.get(group * sizes.innerLayers + inner);
        var heads = headMask == null ? null : left.of(headMask[maskRow(group, inner)]);
        var layer = groups.get(group).get(inner);
        if (y != null && i == sizes.layers - 1 && inner == sizes.innerLayers - 1) {
          layer.apply(pass, x, batch, mask, heads, read, y);
        } else {
          layer.apply(pass, x, batch, mask, heads, x);
        }
      }
      pass.trace().hiddenState(x, batch);
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

  private float[][] headMask(Request request) {
    if (request.has("head_mask") && sizes.innerLayers > sizes.layers / sizes.groups) {
      throw new InputException(
          "head_mask: its rows do not reach the "
              + sizes.innerLayers
              + " inner layers of a group of "
              + sizes.layers / sizes.groups
              + " layers: leave it out");
    }
    return request.headMask("head_mask", sizes.layers, sizes.heads);
  }

  private void checkSizes(InputTokens tokens, Set<Keep> keep) {
    int width = Math.max(3 * sizes.hidden, sizes.intermediate);
    Request.checkSize("the states", tokens.batch(), tokens.length(), width);
    if (keep.contains(Keep.ATTENTIONS) || sizes.positionType != PositionType.ABSOLUTE) {
      int length = tokens.length();
      Request.checkSize("the attention scores", tokens.batch(), sizes.heads, length, length);
    }
  }

  private List<String> names() {
    var names = new ArrayList<>(InputTokens.NAMES);
    names.add("head_mask");
    names.addAll(head.labels());
    return names;
  }

  @Override
  public int longest() {
    return sizes.positions;
  }

  @Override
  public Dropout.Rates dropout(Config config) {
    return DropoutRates.albert(config);
  }
}
