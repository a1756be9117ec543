package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.Trace;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.SinusoidalDistances;
import java.util.Set;

/**
 * NEZHA (Wei et al. 2019): BERT without positions. In every layer the distance between two tokens
 * counts instead, as a fixed vector on the scores and on the values.
 */
record Nezha(
    EncoderSizes sizes, TokenEmbeddings embeddings, EncoderStack stack, Head kind, HeadLayers head)
    implements Family {
  /** The vectors come from no file whose size would bound them. */
  private static final int MOST_DISTANCES = 1 << 16;

  /** Hugging Face's names to layers. */
  static Nezha load(LayerSource from, Head kind) {
    if (kind == Head.CAUSAL_LM) {
      throw FamilySettings.noHead("nezha", kind);
    }
    var sizes = EncoderSizes.of(from.config(), 21128);
    var root = from.weights().base("nezha");
    int positions = 0;
    boolean absolute = false;
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            sizes.vocabulary(),
            sizes.types(),
            positions,
            sizes.hidden(),
            sizes.epsilon(),
            absolute);
    var distances = distances(from.config(), sizes, from.packing());
    var stack = EncoderStack.load(from, sizes, root.at("encoder"), (attention, cross) -> distances);
    var head = BertHeads.load(from, sizes, kind, "nezha", embeddings);
    return new Nezha(sizes, embeddings, stack, kind, head);
  }

  /** One table for all layers, for self attention and for cross attention. */
  private static SinusoidalDistances distances(Config config, EncoderSizes sizes, Packing packing) {
    if (sizes.positionType() != PositionType.ABSOLUTE) {
      throw config.wrong(
          "position_embedding_type", "the distances of this family are fixed: leave it out");
    }
    int limit = config.bounded("max_relative_position", 64, 0, MOST_DISTANCES);
    return SinusoidalDistances.of(packing, limit, sizes.positions(), sizes.headSize());
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var names = stack.inputs(kind, head);
    names.remove("position_ids");
    var request = new Request(inputs, "Nezha" + kind.suffix(), names);
    var limits =
        new InputTokens.Limits(
            sizes.vocabulary(), sizes.hidden(), sizes.types(), sizes.positions(), longest(), true);
    var call = stack.read(request, limits, kind, cache, keep);
    var tokens = call.tokens();
    var finish = head.prepare(request, tokens);
    var read = head.reads(request, tokens);
    var trace = new Trace(keep.contains(Keep.HIDDEN_STATES), keep.contains(Keep.ATTENTIONS));
    try (var _ = pass.frame()) {
      var traced = pass.with(trace);
      var x = pass.matrix(tokens.batch() * tokens.length(), sizes.hidden());
      int[] positions = null;
      embeddings.apply(traced, tokens.ids(), tokens.embeddings(), tokens.types(), positions, x);
      return finish.apply(traced, stack.run(traced, call, x, read));
    }
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(kind, longest());
  }

  @Override
  public int hiddenSize() {
    return sizes.hidden();
  }

  @Override
  public int longest() {
    return sizes.positions();
  }

  @Override
  public Dropout.Rates dropout(Config config) {
    return DropoutRates.nezha(config, kind);
  }
}
