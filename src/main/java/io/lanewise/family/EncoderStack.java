package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Keep;
import io.lanewise.nn.DecoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.UnpaddedSequences;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.Distances;
import io.lanewise.nn.attention.KeptHeads;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.RelativePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The layers under BERT's tensor names, one after the other, as an encoder or as a decoder: Hugging
 * Face's {@code BertEncoder}.
 */
record EncoderStack(EncoderSizes sizes, List<DecoderLayer> layers, List<KeptHeads> kept) {
  /** Heads whose models take the states of an encoder, in a decoder with cross attention. */
  private static final Set<Head> WITH_SOURCE = Set.of(Head.MODEL, Head.CAUSAL_LM, Head.MASKED_LM);

  /** Heads whose models take and give {@code past_key_values}, in a decoder. */
  private static final Set<Head> WITH_PAST = Set.of(Head.MODEL, Head.CAUSAL_LM);

  /** What an attention knows of the distance between tokens. */
  @FunctionalInterface
  interface DistancesAt {
    /**
     * Loads or makes it; null for nothing.
     *
     * @param attention the place of the attention's projections
     * @param cross whether it looks at an encoder
     */
    Distances load(Weights attention, boolean cross);
  }

  /** Loads {@code layer.0}, {@code layer.1} and so on. */
  static EncoderStack load(
      LayerSource from, EncoderSizes sizes, Weights encoder, DistancesAt distances) {
    if (sizes.decoder()) {
      from.pruned().refuse(from.config(), "a decoder's layers need equal heads for their cache");
    }
    var kept = from.pruned().of(from.config(), sizes.layers(), sizes.heads());
    var layers = new ArrayList<DecoderLayer>();
    for (int i = 0; i < sizes.layers(); i++) {
      layers.add(layer(from.packing(), sizes, kept.get(i), encoder.at("layer." + i), distances));
    }
    return new EncoderStack(sizes, List.copyOf(layers), kept);
  }

  private static DecoderLayer layer(
      Packing packing, EncoderSizes sizes, KeptHeads kept, Weights at, DistancesAt distances) {
    int hidden = sizes.hidden();
    var self = at.at("attention.self");
    var cross = at.at("crossattention.self");
    var crossOutput = at.at("crossattention.output");
    return new DecoderLayer(
        DenseAttention.load(
            packing,
            hidden,
            kept,
            self.at("query"),
            self.at("key"),
            self.at("value"),
            at.at("attention.output.dense"),
            distances.load(self, false)),
        LayerNorm.load(hidden, sizes.epsilon(), at.at("attention.output.LayerNorm")),
        !sizes.cross()
            ? null
            : CrossAttention.load(
                packing,
                packing,
                hidden,
                sizes.heads(),
                cross.at("query"),
                cross.at("key"),
                cross.at("value"),
                crossOutput.at("dense"),
                distances.load(cross, true)),
        !sizes.cross()
            ? null
            : LayerNorm.load(hidden, sizes.epsilon(), crossOutput.at("LayerNorm")),
        FeedForward.load(
            packing,
            hidden,
            sizes.intermediate(),
            sizes.activation(),
            at.at("intermediate.dense"),
            at.at("output.dense")),
        LayerNorm.load(hidden, sizes.epsilon(), at.at("output.LayerNorm")));
  }

  /**
   * The vectors that {@code position_embedding_type} asks for. Cross attention has none, as in
   * Hugging Face, unless the file holds some.
   */
  static DistancesAt learntDistances(Packing packing, EncoderSizes sizes) {
    return (attention, cross) -> {
      var at = attention.at("distance_embedding");
      if (sizes.positionType() == PositionType.ABSOLUTE || (cross && !at.has("weight"))) {
        return null;
      }
      boolean keys = sizes.positionType() == PositionType.RELATIVE_KEY_QUERY;
      return RelativePositions.load(packing, keys, sizes.positions(), sizes.headSize(), 1, at);
    };
  }

  /** Names of the inputs that a model with this head takes. */
  List<String> inputs(Head kind, HeadLayers head) {
    var names = new ArrayList<>(InputTokens.NAMES);
    names.add("head_mask");
    if (sizes.cross() && WITH_SOURCE.contains(kind)) {
      names.addAll(Encoded.NAMES);
    }
    names.addAll(head.labels());
    return names;
  }

  /** What a cache must be like under this head; null if there can be none. */
  DecoderShape decoder(Head kind, int longest) {
    return sizes.decoder() && WITH_PAST.contains(kind)
        ? new DecoderShape(sizes.layers(), sizes.heads(), sizes.headSize(), longest, false)
        : null;
  }

  /**
   * What one call brings, checked.
   *
   * @param head on top of the layers
   * @param headMask [layers][heads]; null for none
   * @param encoded what cross attention looks at; null for nothing
   * @param cache null for none
   */
  record Call(
      Head head, InputTokens tokens, float[][] headMask, Encoded encoded, KeyValueCache cache) {}

  /** Reads the inputs of one call, whatever its head. */
  Call read(
      Request request, InputTokens.Limits limits, Head kind, KeyValueCache cache, Set<Keep> keep) {
    var tokens = InputTokens.read(request, limits, kind == Head.MULTIPLE_CHOICE, cache);
    var headMask = headMask(request);
    var encoded = sizes.cross() ? Encoded.read(request, tokens, sizes.hidden(), cache) : null;
    if (!sizes.cross() && cache != null && cache.hasSource()) {
      throw new InputException(
          "past_key_values: they hold cross_key and cross_value, the model has no cross attention"
              + " (add_cross_attention)");
    }
    checkSizes(tokens, tokens.keys(), distances(), keep);
    if (encoded != null) {
      boolean distances = layers.getFirst().cross().heads().distances() != null;
      if (distances && encoded.tokens() > sizes.positions()) {
        throw new InputException(
            Encoded.NAMES.getFirst()
                + ": "
                + encoded.tokens()
                + " tokens are too many: there are distances for max_position_embeddings "
                + sizes.positions());
      }
      checkSizes(tokens, encoded.tokens(), distances, keep);
    }
    return new Call(kind, tokens, headMask, encoded, cache);
  }

  /** A factor for each head that is left; the input has one for each that there was. */
  private float[][] headMask(Request request) {
    var headMask = request.headMask("head_mask", sizes.layers(), sizes.heads());
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
    int width = Math.max(3 * sizes.hidden(), sizes.intermediate());
    Request.checkSize("the states", tokens.batch(), Math.max(length, keys), width);
    Request.checkSize("the attention mask", tokens.batch(), length, keys);
    if (distances || keep.contains(Keep.ATTENTIONS)) {
      Request.checkSize("the attention scores", tokens.batch(), sizes.heads(), length, keys);
    }
  }

  /**
   * Runs the layers.
   *
   * @param x [batch * tokens, hidden], overwritten
   * @param read the tokens whose states of the last layer are read; null for all
   * @return those states, in scratch memory
   */
  LastStates run(Pass pass, Call call, Matrix x, ReadTokens read) {
    var restricted = pass.restricted(read);
    var y = restricted == null ? x : pass.matrix(restricted.count(), x.columns());
    run(pass, call, x, restricted, y);
    return new LastStates(y, restricted, call.tokens().batch()).of(pass, read);
  }

  private void run(Pass pass, Call call, Matrix x, ReadTokens read, Matrix y) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    boolean encoder = !sizes.decoder() && !distances();
    var sequences = encoder ? tokens.unpadded(pass, call.head()) : null;
    var left = sequences == null || read == null ? read : read.in(sequences);
    if (sequences != null && (left == null) == (read == null)) {
      runUnpadded(pass, call, sequences, x, left, y);
      return;
    }
    if (call.cache() != null) {
      call.cache().reserve(batch, tokens.length());
    }
    var source =
        call.encoded() == null ? null : call.encoded().source(pass, sizes.hidden(), call.cache());
    var mask = mask(pass, tokens);
    var decoding =
        new Decoding(batch, mask, call.headMask(), source, call.headMask(), call.cache());
    runLayers(pass, decoding, x, read, y);
  }

  /** Leaves the padding out for as long as the layers run. */
  private void runUnpadded(
      Pass pass, Call call, UnpaddedSequences sequences, Matrix x, ReadTokens read, Matrix y) {
    try (var _ = pass.frame()) {
      var left = pass.matrix(sequences.rows(), x.columns());
      sequences.removePadding(x, left);
      var decoding = Decoding.of(sequences.batch(), Mask.of(sequences), call.headMask());
      runLayers(pass, decoding, left, read, read == null ? left : y);
      if (read == null) {
        sequences.restorePadding(left, y);
      }
    }
  }

  private void runLayers(Pass pass, Decoding decoding, Matrix x, ReadTokens read, Matrix y) {
    pass.trace().hiddenState(x, decoding.batch());
    for (int i = 0; i < layers.size(); i++) {
      if (read != null && i == layers.size() - 1) {
        layers.get(i).apply(pass, x, decoding, i, read, y);
      } else {
        layers.get(i).apply(pass, x, decoding, i, x);
      }
      pass.trace().hiddenState(x, decoding.batch());
    }
  }

  /** A mask for each token of its own decides alone; otherwise a decoder adds that it is causal. */
  private Mask mask(Pass pass, InputTokens tokens) {
    int batch = tokens.batch();
    int length = tokens.length();
    int keys = tokens.keys();
    if (tokens.pairs() != null) {
      return Mask.pairs(pass, tokens.pairs(), batch, length, keys);
    }
    return sizes.decoder()
        ? Mask.causal(pass, tokens.seen(), batch, length, keys, tokens.past())
        : Mask.padding(pass, tokens.seen(), batch, keys);
  }
}
