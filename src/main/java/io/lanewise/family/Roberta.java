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
 * RoBERTa (Liu et al. 2019): BERT's layers, trained on single texts for longer. It numbers its
 * tokens from the padding's id on and leaves padding out, and has heads of its own. CamemBERT and
 * XLM-RoBERTa are the same with other vocabularies.
 *
 * @param padding id of the padding token, which is also its position
 */
record Roberta(
    EncoderSizes sizes,
    int padding,
    TokenEmbeddings embeddings,
    EncoderStack stack,
    Head kind,
    HeadLayers head)
    implements Family {

  /** Hugging Face's names to layers. */
  static Roberta load(LayerSource from, Head kind) {
    boolean roberta = from.config().text("model_type", "roberta").equals("roberta");
    var sizes = EncoderSizes.of(from.config(), roberta ? 50265 : 30522);
    var root = from.weights().base("roberta");
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
    var head = RobertaHeads.load(from, sizes, kind, "roberta", embeddings);
    return new Roberta(sizes, sizes.padding(from.config()), embeddings, stack, kind, head);
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var request = new Request(inputs, "Roberta" + kind.suffix(), stack.inputs(kind, head));
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
      embeddings.apply(
          traced,
          tokens.ids(),
          tokens.embeddings(),
          tokens.types(),
          tokens.positionsBehind(padding),
          x); // [batch * tokens, hidden]
      return finish.apply(traced, stack.run(traced, call, x, read));
    }
  }

  @Override
  public ModelTokenIds specialTokens() {
    return new ModelTokenIds(Map.of("bos_token_id", 0, "pad_token_id", 1, "eos_token_id", 2));
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(kind, longest());
  }

  /** Learnt distances need no positions, so they leave the padding's rows to be used. */
  @Override
  public int hiddenSize() {
    return sizes.hidden();
  }

  @Override
  public int longest() {
    return sizes.positionType() == PositionType.ABSOLUTE
        ? sizes.positions() - padding - 1
        : sizes.positions();
  }

  @Override
  public Dropout.Rates dropout(Config config) {
    return DropoutRates.roberta(config, kind);
  }
}
