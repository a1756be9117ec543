package io.lanewise.family.stack;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.DebertaConfig;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.TokenConvolution;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa's embeddings and layers: Hugging Face's {@code DebertaV2Encoder} and {@code
 * DebertaEncoder}, which differ in the attention alone.
 *
 * @param convolution beside the first layer; null for none
 */
public record DebertaStack(
    DebertaConfig config,
    DebertaEmbeddings embeddings,
    List<EncoderLayer> layers,
    @Nullable TokenConvolution convolution) {
  /** Inputs besides those of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /**
   * Loads {@code layer.0}, {@code layer.1} and so on.
   *
   * @param attention loads an attention from the place of a layer
   */
  public static List<EncoderLayer> layers(
      Packing packing,
      DebertaConfig config,
      Weights at,
      Function<Weights, DenseAttention> attention) {
    var layers = new ArrayList<EncoderLayer>();
    for (int i = 0; i < config.layers(); i++) {
      var layer = at.at("layer." + i);
      layers.add(
          new EncoderLayer(
              attention.apply(layer.at("attention")),
              norm(config, layer.at("attention.output.LayerNorm")),
              FeedForward.load(
                  packing,
                  config.hidden(),
                  config.intermediate(),
                  config.activation(),
                  layer.at("intermediate.dense"),
                  layer.at("output.dense")),
              norm(config, layer.at("output.LayerNorm"))));
    }
    return List.copyOf(layers);
  }

  private static LayerNorm norm(DebertaConfig config, Weights at) {
    return LayerNorm.load(config.hidden(), config.epsilon(), at);
  }

  /** Checks the inputs, runs embeddings and layers, and makes the head's result. */
  public Output forward(Pass pass, ModelHead head, Inputs given, Set<Keep> keep) {
    var inputs = head.check(given, INPUTS);
    var tokens = InputTokens.read(inputs, limits(), head.hasChoices());
    checkSizes(tokens);
    return EncoderCall.of(head, inputs, tokens, null).run(pass, keep, this::encode);
  }

  /** What is not embedded may be any number, as in Hugging Face, which does not look at it. */
  private InputTokens.Limits limits() {
    return new InputTokens.Limits(
        config.vocabulary(),
        config.embedding(),
        config.types() > 0 ? config.types() : Integer.MAX_VALUE,
        config.biased() ? config.positions() : Integer.MAX_VALUE,
        longest(),
        false);
  }

  /** The longest sequence: any, where positions are not embedded. */
  public int longest() {
    return config.biased() ? config.positions() : Config.LARGEST;
  }

  private void checkSizes(InputTokens tokens) {
    int length = tokens.length();
    int width = Math.max(3 * config.hidden(), config.intermediate());
    CheckedInputs.checkSize("the states", tokens.batch(), length, width);
    CheckedInputs.checkSize("the attention scores", tokens.batch(), config.heads(), length, length);
    if (convolution != null) {
      int neighbours = convolution.kernel();
      CheckedInputs.checkSize(
          "the neighbours of all tokens", tokens.batch(), length, neighbours, config.hidden());
    }
  }

  /** The states of the last layer. */
  private LastStates encode(Pass pass, EncoderCall call) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    var sequences = takesSomeTokens() ? call.unpadded(pass) : null;
    var rows = tokens.rows(sequences);
    var x = pass.matrix(rows.count(), config.hidden()); // [rows, hidden]
    embeddings.apply(pass, rows, x);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, mask, read, y) -> {
              if (i == 0 && convolution != null) {
                convolve(traced, tokens, states, mask, read, y);
              } else {
                layers.get(i).apply(traced, states, batch, mask, null, read, y);
              }
            });
    return stack.run(pass, x, batch, call.read(), sequences, () -> mask(pass, tokens));
  }

  private boolean takesSomeTokens() {
    return layers.getFirst().attention() instanceof DenseAttention a && a.heads().talking() == null;
  }

  /** The first layer, with the convolution beside it. */
  private void convolve(
      Pass pass, InputTokens tokens, Matrix x, Mask mask, @Nullable ReadTokens read, Matrix y) {
    int batch = tokens.batch();
    var sequences = mask.sequences();
    var starts =
        sequences != null
            ? sequences.starts()
            : IntStream.rangeClosed(0, batch).map(b -> b * tokens.length()).toArray();
    var seen = sequences != null ? null : tokens.seen();
    try (var _ = pass.frame()) {
      var before = pass.matrix(x.rows(), x.columns());
      before.copyFrom(x);
      var all = read == null ? y : pass.matrix(x.rows(), x.columns());
      layers.getFirst().apply(pass, x, batch, mask, null, all);
      convolution.apply(pass, before, starts, seen, all);
      DebertaEmbeddings.fade(all, seen);
      if (read != null) {
        pass.backend().rowwise().gather(all, read.rows(), y);
      }
    }
  }

  /**
   * A token sees all that are not hidden; one that is hidden itself sees none, and so attends to
   * all of them evenly ({@code get_attention_mask}).
   */
  private static Mask mask(Pass pass, InputTokens tokens) {
    var seen = tokens.seen();
    int length = tokens.length();
    if (seen == null || IntStream.range(0, seen.length).allMatch(i -> seen[i] != 0)) {
      return Mask.NONE;
    }
    var pairs = new float[Math.multiplyExact(seen.length, length)];
    for (int i = 0; i < seen.length; i++) {
      int first = i / length * length;
      for (int j = 0; j < length; j++) {
        pairs[i * length + j] = seen[i] != 0 && seen[first + j] != 0 ? 1 : 0;
      }
    }
    return Mask.pairs(pass, pairs, tokens.batch(), length, length);
  }
}
