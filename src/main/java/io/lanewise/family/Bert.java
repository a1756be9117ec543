package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.Trace;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.Map;
import java.util.Set;

/**
 * BERT (Devlin et al. 2018): the Transformer's encoder over embeddings of words, positions and
 * types of tokens. With {@code is_decoder} it is causal.
 */
record Bert(
    EncoderSizes sizes, TokenEmbeddings embeddings, EncoderStack stack, Head kind, HeadLayers head)
    implements Family {

  /** Hugging Face's names to layers. */
  static Bert load(LayerSource from, Head kind) {
    var sizes = EncoderSizes.of(from.config(), 30522);
    var root = from.weights().base("bert");
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            sizes.vocabulary(),
            sizes.types(),
            sizes.positions(),
            sizes.hidden(),
            sizes.epsilon(),
            sizes.positionType() == PositionType.ABSOLUTE);
    var distances = EncoderStack.learntDistances(from.packing(), sizes);
    var stack = EncoderStack.load(from, sizes, root.at("encoder"), distances);
    var head = BertHeads.load(from, sizes, kind, "bert", embeddings);
    return new Bert(sizes, embeddings, stack, kind, head);
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var request = new Request(inputs, "Bert" + kind.suffix(), stack.inputs(kind, head));
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
      int[] positions = tokens.positionsOrCount();
      embeddings.apply(traced, tokens.ids(), tokens.embeddings(), tokens.types(), positions, x);
      return finish.apply(traced, stack.run(traced, call, x, read));
    }
  }

  @Override
  public ModelTokenIds specialTokens() {
    return new ModelTokenIds(Map.of("pad_token_id", 0));
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
    return DropoutRates.bert(config, kind);
  }
}
