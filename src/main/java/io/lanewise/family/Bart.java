package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.model.States;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.Trace;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * BART (Lewis et al. 2019): an encoder that sees a whole text, and a decoder that makes another,
 * one token after the other, with a look at the first.
 *
 * @param encoderStack null in {@code BartForCausalLM}, where the decoder stands alone
 */
record Bart(
    BartSizes sizes, BartStack encoderStack, BartStack decoderStack, Head kind, HeadLayers head)
    implements Family {
  private static final String STATES = "encoder_outputs.last_hidden_state";
  private static final List<String> ENCODER_INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "position_ids", "head_mask");
  private static final List<String> DECODER_INPUTS =
      List.of(
          "decoder_input_ids",
          "decoder_inputs_embeds",
          "decoder_attention_mask",
          "decoder_position_ids",
          "decoder_head_mask",
          "cross_attn_head_mask",
          STATES);

  /** Hugging Face's names to layers. */
  static Bart load(LayerSource from, Head kind) {
    var sizes = BartSizes.of(from.config());
    from.pruned().refuse(from.config(), "this family has no heads that can be pruned");
    var root = from.weights().base("model");
    boolean alone = kind == Head.CAUSAL_LM;
    var words = BartHeads.words(sizes, root, alone);
    var packing = from.packing();
    var ofSteps = BartHeads.packing(from, kind);
    var encoder =
        alone
            ? null
            : BartStack.load(
                packing, packing, sizes, sizes.encoder(), words, root.at("encoder"), false);
    var decoder =
        BartStack.load(ofSteps, packing, sizes, sizes.decoder(), words, root.at("decoder"), true);
    return new Bart(sizes, encoder, decoder, kind, BartHeads.load(from, sizes, kind, words));
  }

  /** The decoder's part of a call, checked. */
  private record Step(
      InputTokens tokens,
      float[][] headMask,
      float[][] crossHeadMask,
      HeadLayers.Finish finish,
      ReadTokens read,
      KeyValueCache cache,
      Set<Keep> keep) {
    Trace trace() {
      return Bart.trace(keep);
    }
  }

  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    if (encoderStack == null) {
      return alone(pass, inputs, cache, keep);
    }
    var given = request(inputs, List.of(ENCODER_INPUTS, DECODER_INPUTS, head.labels()));
    boolean reads = (given.has("input_ids") || given.has("inputs_embeds")) && !given.has(STATES);
    var text = reads ? text(given, keep) : null;
    var textMask = given.headMask("head_mask", sizes.encoder().layers(), sizes.encoder().heads());
    var shifted = shifted(given, inputs, cache);
    var request = request(shifted, List.of(ENCODER_INPUTS, DECODER_INPUTS, head.labels()));
    var step = step(request, "decoder_", head, cache, keep);
    var encoded =
        reads
            ? Encoded.of(text, step.tokens.batch(), cache)
            : encoded(request, "attention_mask", step);
    var ends =
        kind == Head.SEQUENCE_CLASSIFICATION ? DecoderEnds.read(request, step.tokens, sizes) : null;
    checkSizes(step, encoded);
    try (var _ = pass.frame()) {
      var trace = trace(keep);
      var states = reads ? read(pass.with(trace), text, textMask) : null;
      var last = reads ? tensor(states, text) : inputs.get(STATES);
      var output = run(pass, step, encoded.source(pass, states, sizes.hidden(), cache), ends);
      var left = new States.Encoder(last, trace.hiddenStates(), trace.attentions());
      return output.with(output.states().withEncoder(left));
    }
  }

  /** {@code BartForCausalLM}: its inputs have the names of a decoder without encoder. */
  private Output alone(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var more = List.of("cross_attn_head_mask");
    var names = List.of(ENCODER_INPUTS, more, Encoded.NAMES, head.labels());
    var request = request(inputs, names);
    var step = step(request, "", head, cache, keep);
    var encoded = Encoded.read(request, step.tokens, sizes.hidden(), cache);
    checkSizes(step, encoded);
    try (var _ = pass.frame()) {
      var source = encoded == null ? null : encoded.source(pass, null, sizes.hidden(), cache);
      return run(pass, step, source, null);
    }
  }

  @Override
  public Output encode(Pass pass, Inputs inputs, Set<Keep> keep) {
    if (encoderStack == null) {
      return Family.super.encode(pass, inputs, keep);
    }
    var request = request(inputs, List.of(ENCODER_INPUTS));
    var text = text(request, keep);
    var headMask = request.headMask("head_mask", sizes.encoder().layers(), sizes.encoder().heads());
    try (var _ = pass.frame()) {
      var traced = pass.with(trace(keep));
      var states = read(traced, text, headMask);
      return new Output.Base(tensor(states, text), null, States.of(traced.trace()));
    }
  }

  @Override
  public Output decode(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    if (encoderStack == null) {
      return Family.super.decode(pass, inputs, cache, keep);
    }
    var request = request(inputs, List.of(DECODER_INPUTS, List.of(Encoded.MASK)));
    var top = kind == Head.CONDITIONAL_GENERATION ? head : new HeadLayers.None(null);
    var step = step(request, "decoder_", top, cache, keep);
    var encoded = encoded(request, Encoded.MASK, step);
    checkSizes(step, encoded);
    try (var _ = pass.frame()) {
      return run(pass, step, encoded.source(pass, null, sizes.hidden(), cache), null);
    }
  }

  private Request request(Inputs inputs, List<List<String>> names) {
    var known = names.stream().flatMap(List::stream).toList();
    return new Request(inputs, "Bart" + kind.suffix(), known);
  }

  private InputTokens.Limits limits() {
    return new InputTokens.Limits(sizes.vocabulary(), sizes.hidden(), 1, sizes.positions());
  }

  private static Trace trace(Set<Keep> keep) {
    return new Trace(keep.contains(Keep.HIDDEN_STATES), keep.contains(Keep.ATTENTIONS));
  }

  /** The encoder's tokens, checked. */
  private InputTokens text(Request request, Set<Keep> keep) {
    var text = InputTokens.read(request, limits(), false);
    encoderStack.checkSizes(text, text.length(), keep);
    return text;
  }

  /** {@code BartEncoder}: [batch * tokens, hidden] of the last layer. */
  private Matrix read(Pass pass, InputTokens text, float[][] headMask) {
    var sequences = text.unpadded(pass, Head.MODEL); // the states of all tokens are a result
    var mask =
        sequences != null
            ? Mask.of(sequences)
            : Mask.padding(pass, text.seen(), text.batch(), text.length());
    return encoderStack.run(pass, text, Decoding.of(text.batch(), mask, headMask));
  }

  private Tensor tensor(Matrix states, InputTokens text) {
    return states.toTensor(text.batch(), text.length(), sizes.hidden());
  }

  private Encoded encoded(Request request, String maskName, Step step) {
    var encoded =
        Encoded.read(request, STATES, maskName, step.tokens.batch(), sizes.hidden(), step.cache);
    if (encoded == null) {
      throw new InputException(
          "input_ids, inputs_embeds and " + STATES + " are all missing: give one of them");
    }
    return encoded;
  }

  /** Reads the decoder's inputs, and makes room in the cache. */
  private Step step(
      Request request, String prefix, HeadLayers top, KeyValueCache cache, Set<Keep> keep) {
    if (cache != null && cache.slots() > 0 && encoderStack != null) {
      if (!request.has("decoder_position_ids")) {
        throw new InputException(
            "decoder_position_ids: a cache of initCache does not count the tokens: give them");
      }
    }
    var tokens = InputTokens.read(request, limits(), false, prefix, cache);
    var side = sizes.decoder();
    var headMask = request.headMask(prefix + "head_mask", side.layers(), side.heads());
    var crossMask = request.headMask("cross_attn_head_mask", side.layers(), side.heads());
    var finish = top.prepare(request, tokens);
    if (cache != null) {
      cache.reserve(tokens.batch(), tokens.length());
    }
    var read = top.reads(request, tokens);
    return new Step(tokens, headMask, crossMask, finish, read, cache, keep);
  }

  private void checkSizes(Step step, Encoded encoded) {
    int keys = Math.max(step.tokens.keys(), encoded == null ? 0 : encoded.tokens());
    decoderStack.checkSizes(step.tokens, keys, step.keep);
  }

  /** {@code BartDecoder}, and the head on top of it. */
  private Output run(Pass pass, Step step, Decoding.Source source, DecoderEnds ends) {
    var tokens = step.tokens;
    int batch = tokens.batch();
    var mask =
        Mask.causal(pass, tokens.seen(), batch, tokens.length(), tokens.keys(), tokens.past());
    var call = new Decoding(batch, mask, step.headMask, source, step.crossHeadMask, step.cache);
    var traced = pass.with(step.trace());
    var x = decoderStack.run(traced, tokens, call); // [batch * tokens, hidden]
    var last =
        ends == null
            ? LastStates.all(x, batch).of(pass, step.read)
            : LastStates.all(ends.of(pass, x), batch);
    return step.finish.apply(traced, last);
  }

  /**
   * The inputs with {@code decoder_input_ids}: if there are none, the labels or the text itself,
   * one token later.
   */
  private Inputs shifted(Request request, Inputs inputs, KeyValueCache cache) {
    if (request.has("decoder_input_ids") || request.has("decoder_inputs_embeds")) {
      return inputs;
    }
    boolean labelled = kind == Head.CONDITIONAL_GENERATION && request.has("labels");
    var name = labelled ? "labels" : "input_ids";
    boolean begun = cache != null && cache.tokens() > 0;
    if (!request.has(name) || begun) {
      throw new InputException(
          "decoder_input_ids: they are missing"
              + (begun
                  ? ": give the tokens that follow the cache's"
                  : ", and input_ids too, of which they could be made: give them"));
    }
    return inputs.with("decoder_input_ids", sizes.shiftedRight(request, name));
  }

  @Override
  public ModelTokenIds specialTokens() {
    return new ModelTokenIds(
        Map.of(
            "bos_token_id", 0,
            "pad_token_id", 1,
            "eos_token_id", 2,
            "decoder_start_token_id", 2,
            "forced_eos_token_id", 2));
  }

  @Override
  public int longest() {
    return sizes.positions();
  }

  @Override
  public int labelsUnlessNamed() {
    return BartHeads.LABELS;
  }

  /** {@code BartForCausalLM} alone gives its past beside a loss. */
  @Override
  public DecoderShape decoder() {
    var side = sizes.decoder();
    boolean past = kind == Head.CAUSAL_LM;
    int headSize = sizes.hidden() / side.heads();
    return new DecoderShape(side.layers(), side.heads(), headSize, longest(), past);
  }

  @Override
  public Dropout.Rates dropout(Config config) {
    return DropoutRates.bart(config);
  }
}
