package io.lanewise.family.stack;

import io.lanewise.InputException;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.EncoderOutputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.LayerSource;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.DecoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.PreNormDecoderLayer;
import io.lanewise.nn.StackedLayer;
import io.lanewise.nn.UnpaddedSequences;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.Distances;
import io.lanewise.nn.attention.KeptHeads;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import io.lanewise.nn.attention.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * BERT's layers, one after the other, as an encoder or as a decoder: Hugging Face's {@code
 * BertEncoder}.
 *
 * @param lastNorm behind the last layer; null where the layers end with norms themselves
 * @param rotation how self attention turns queries and keys; null where it does not
 */
public record BertStack(
    BertConfig config,
    List<StackedLayer> layers,
    @Nullable LayerNorm lastNorm,
    List<KeptHeads> kept,
    @Nullable RotationOf rotation) {
  /** Heads whose models take the states of an encoder, in a decoder with cross attention. */
  private static final Set<Head> WITH_SOURCE = Set.of(Head.MODEL, Head.CAUSAL_LM, Head.MASKED_LM);

  /** Heads whose models take and give {@code past_key_values}, in a decoder. */
  private static final Set<Head> WITH_PAST = Set.of(Head.MODEL, Head.CAUSAL_LM);

  /** What an attention knows of the distance between tokens. */
  @FunctionalInterface
  public interface DistancesAt {
    /**
     * Loads or makes it; null for nothing.
     *
     * @param attention the place of the attention's projections
     * @param cross whether it looks at an encoder
     */
    Distances load(Weights attention, boolean cross);
  }

  /** Loads {@code layer.0}, {@code layer.1} and so on. */
  public static BertStack load(
      LayerSource from, BertConfig config, Weights encoder, DistancesAt distances) {
    return load(from, config, encoder, LayerNames.BERT, distances);
  }

  /** The same of a family with other names in its layers. */
  public static BertStack load(
      LayerSource from,
      BertConfig config,
      Weights encoder,
      LayerNames names,
      DistancesAt distances) {
    if (config.decoder()) {
      from.pruned().refuse(from.config(), "a decoder's layers need equal heads for their cache");
    }
    var kept = from.pruned().of(from.config(), config.layers(), config.heads());
    var layers = new ArrayList<StackedLayer>();
    for (int i = 0; i < config.layers(); i++) {
      var at = encoder.at("layer." + i);
      layers.add(layer(from.packing(), config, kept.get(i), at, names, distances));
    }
    var lastNorm =
        names.normsFirst()
            ? LayerNorm.load(config.hidden(), config.epsilon(), encoder.at("LayerNorm"))
            : null;
    return new BertStack(config, List.copyOf(layers), lastNorm, kept, null);
  }

  /** By which angles the tokens of a call are turned. */
  @FunctionalInterface
  public interface RotationOf {
    /** The angles of each token, the padding included. */
    Rotation of(Pass pass, InputTokens tokens);
  }

  /** The same layers with rotary positions. */
  public BertStack withRotation(RotationOf newRotation) {
    return new BertStack(config, layers, lastNorm, kept, newRotation);
  }

  private static StackedLayer layer(
      Packing packing,
      BertConfig config,
      KeptHeads kept,
      Weights at,
      LayerNames names,
      DistancesAt distances) {
    int hidden = config.hidden();
    var self = at.at(names.attention());
    var cross = at.at("crossattention.self");
    var crossOutput = at.at("crossattention.output");
    var attention =
        DenseAttention.load(
            packing,
            hidden,
            kept,
            self.at(names.query()),
            self.at(names.key()),
            self.at(names.value()),
            at.at(names.output()),
            distances.load(self, false));
    var attentionNorm = norm(config, at, names.attentionNorm());
    var crossAttention =
        !config.cross()
            ? null
            : CrossAttention.load(
                packing,
                packing,
                hidden,
                config.heads(),
                cross.at("query"),
                cross.at("key"),
                cross.at("value"),
                crossOutput.at("dense"),
                distances.load(cross, true));
    var crossNorm = config.cross() ? norm(config, at, names.crossNorm()) : null;
    var feedForward =
        FeedForward.load(
            packing,
            hidden,
            config.intermediate(),
            config.activation(),
            at.at(names.in()),
            at.at(names.out()));
    var norm = norm(config, at, names.norm());
    return names.normsFirst()
        ? new PreNormDecoderLayer(
            attention, attentionNorm, crossAttention, crossNorm, feedForward, norm)
        : new DecoderLayer(attention, attentionNorm, crossAttention, crossNorm, feedForward, norm);
  }

  private static LayerNorm norm(BertConfig config, Weights at, String name) {
    return LayerNorm.load(config.hidden(), config.epsilon(), at.at(name));
  }

  /**
   * The vectors that {@code position_embedding_type} asks for. Cross attention has none, as in
   * Hugging Face, unless the file holds some.
   */
  public static DistancesAt learntDistances(Packing packing, BertConfig config) {
    return (attention, cross) -> {
      var at = attention.at("distance_embedding");
      if (config.positionType() == PositionType.ABSOLUTE || (cross && !at.has("weight"))) {
        return null;
      }
      boolean keys = config.positionType() == PositionType.RELATIVE_KEY_QUERY;
      return RelativePositions.load(packing, keys, config.positions(), config.headSize(), 1, at);
    };
  }

  /** What a cache must be like under this head; null if there can be none. */
  public DecoderShape decoder(ModelHead head, int longest) {
    return config.decoder() && WITH_PAST.contains(head.kind())
        ? new DecoderShape(config.layers(), config.heads(), config.headSize(), longest, false)
        : null;
  }

  /** The limits of a model whose word embeddings have the size of the states. */
  public InputTokens.Limits limits(int longest) {
    return new InputTokens.Limits(
        config.vocabulary(), config.hidden(), config.types(), config.positions(), longest, true);
  }

  /**
   * A call of a model with these layers, checked.
   *
   * @param encoder what cross attention looks at; null for nothing
   * @param cache null for none
   */
  public record Call(
      EncoderCall call, @Nullable EncoderOutputs encoder, @Nullable KeyValueCache cache) {}

  /**
   * Reads the inputs of a call.
   *
   * @param names of the inputs that the embeddings take; {@code head_mask}, the states of an
   *     encoder and labels come on top
   * @param cache null for none
   */
  public Call read(
      ModelHead head,
      List<String> names,
      InputTokens.Limits limits,
      Inputs given,
      @Nullable KeyValueCache cache,
      Set<Keep> keep) {
    var inputs = head.check(given, known(head, names));
    var tokens = InputTokens.read(inputs, limits, head.hasChoices(), cache);
    var headMask = headMask(inputs);
    var encoder =
        config.cross() ? EncoderOutputs.read(inputs, tokens, config.hidden(), cache) : null;
    if (!config.cross() && cache != null && cache.hasSource()) {
      throw new InputException(
          "past_key_values: they hold cross_key and cross_value, the model has no cross attention"
              + " (add_cross_attention)");
    }
    checkSizes(tokens, tokens.keys(), distances(), keep);
    if (encoder != null) {
      checkEncoder(tokens, encoder, keep);
    }
    return new Call(EncoderCall.of(head, inputs, tokens, headMask), encoder, cache);
  }

  private List<String> known(ModelHead head, List<String> names) {
    var known = new ArrayList<>(names);
    known.add("head_mask");
    if (config.cross() && WITH_SOURCE.contains(head.kind())) {
      known.addAll(EncoderOutputs.NAMES);
    }
    return known;
  }

  private void checkEncoder(InputTokens tokens, EncoderOutputs encoder, Set<Keep> keep) {
    boolean distances = layers.getFirst().cross().heads().distances() != null;
    if (distances && encoder.tokens() > config.positions()) {
      throw new InputException(
          EncoderOutputs.NAMES.getFirst()
              + ": "
              + encoder.tokens()
              + " tokens are too many: there are distances for max_position_embeddings "
              + config.positions());
    }
    checkSizes(tokens, encoder.tokens(), distances, keep);
  }

  /** A factor for each head that is left; the input has one for each that there was. */
  private float[][] headMask(CheckedInputs inputs) {
    var headMask = inputs.headMask("head_mask", config.layers(), config.heads());
    for (int i = 0; headMask != null && i < headMask.length; i++) {
      headMask[i] = kept.get(i).of(headMask[i]);
    }
    return headMask;
  }

  private boolean distances() {
    return layers.getFirst().attention().heads().distances() != null;
  }

  /** Checks that nothing that a call needs grows beyond what an array or a matrix can hold. */
  private void checkSizes(InputTokens tokens, int keys, boolean distances, Set<Keep> keep) {
    int length = tokens.length();
    int width = Math.max(3 * config.hidden(), config.intermediate());
    CheckedInputs.checkSize("the states", tokens.batch(), Math.max(length, keys), width);
    CheckedInputs.checkSize("the attention mask", tokens.batch(), length, keys);
    if (distances || keep.contains(Keep.ATTENTIONS)) {
      CheckedInputs.checkSize("the attention scores", tokens.batch(), config.heads(), length, keys);
    }
  }

  /** Runs a call: embeddings, layers, head. */
  public Output run(Pass pass, Call call, Set<Keep> keep, Embedding embedding) {
    return call.call.run(
        pass,
        keep,
        (traced, encoder) -> {
          var leavesOut = !config.decoder() && !distances();
          var sequences = leavesOut ? encoder.unpadded(traced) : null;
          var rows = encoder.tokens().rows(sequences);
          var x = traced.matrix(rows.count(), config.hidden()); // [rows, hidden]
          embedding.apply(traced, rows, x);
          return runLayers(traced, call, sequences, x);
        });
  }

  private LastStates runLayers(
      Pass pass, Call whole, @Nullable UnpaddedSequences sequences, Matrix x) {
    var call = whole.call;
    var tokens = call.tokens();
    var cache = whole.cache;
    int batch = tokens.batch();
    if (cache != null) {
      cache.reserve(batch, tokens.length());
    }
    var source = whole.encoder == null ? null : whole.encoder.source(pass, config.hidden(), cache);
    var turns = rotation == null ? null : rotation.of(pass, tokens);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, plain, read, y) -> {
              var mask = turns == null ? plain : plain.withRotation(turns);
              var heads = call.headMask();
              var decoding = new Decoding(batch, mask, heads, source, heads, cache);
              layers.get(i).apply(traced, states, decoding, i, read, y);
              if (lastNorm != null && i == layers.size() - 1) {
                lastNorm.apply(traced, y, y);
              }
            });
    return stack.run(pass, x, batch, call.read(), sequences, () -> mask(pass, tokens));
  }

  /** A mask for each token of its own decides alone; otherwise a decoder adds that it is causal. */
  private Mask mask(Pass pass, InputTokens tokens) {
    int batch = tokens.batch();
    int length = tokens.length();
    int keys = tokens.keys();
    if (tokens.pairs() != null) {
      return Mask.pairs(pass, tokens.pairs(), batch, length, keys);
    }
    return config.decoder()
        ? Mask.causal(pass, tokens.seen(), batch, length, keys, tokens.past())
        : Mask.padding(pass, tokens.seen(), batch, keys);
  }
}
