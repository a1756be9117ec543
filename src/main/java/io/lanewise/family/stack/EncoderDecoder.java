package io.lanewise.family.stack;

import io.lanewise.InputException;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.KeptStates;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.Losses;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.EncoderOutputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.Trace;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An encoder and a decoder that looks at it, and how a call goes through both, through one of them,
 * or through a decoder that stands alone: Hugging Face's {@code BartModel.forward} and those of the
 * heads on top of it.
 *
 * @param encoder null where the decoder stands alone
 * @param limits of the tokens of both
 * @param start id of the token that the decoder starts with
 * @param padding id of the padding token
 */
public record EncoderDecoder(
    ModelHead head,
    @Nullable HalfStack encoder,
    HalfStack decoder,
    InputTokens.Limits limits,
    int start,
    int padding) {
  private static final String STATES = "encoder_outputs.last_hidden_state";
  private static final String CROSS_MASK = "cross_attn_head_mask";
  private static final List<String> ENCODER_INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "position_ids", "head_mask");
  private static final List<String> DECODER_INPUTS =
      List.of(
          "decoder_input_ids",
          "decoder_inputs_embeds",
          "decoder_attention_mask",
          "decoder_position_ids",
          "decoder_head_mask",
          CROSS_MASK,
          STATES);
  private static final List<String> BOTH =
      Stream.concat(ENCODER_INPUTS.stream(), DECODER_INPUTS.stream()).toList();

  /** A decoder without encoder has the names of an encoder, and may be given another's states. */
  private static final List<String> ALONE =
      Stream.of(ENCODER_INPUTS, List.of(CROSS_MASK), EncoderOutputs.NAMES)
          .flatMap(List::stream)
          .toList();

  /** The error of a model that has not both. */
  public static InputException notBoth() {
    return new InputException(
        "encode and decode: only a model of an encoder and a decoder has them: use forward");
  }

  /** Whether there are both, which {@link #encode} and {@link #decode} need. */
  public boolean hasEncoder() {
    return encoder != null;
  }

  /** The decoder's part of a call, checked. */
  private record Step(
      InputTokens tokens,
      float[][] headMask,
      float[][] crossHeadMask,
      HeadLayers.Finish finish,
      @Nullable ReadTokens read,
      KeyValueCache cache,
      Set<Keep> keep) {}

  /** Runs both, or a decoder that stands alone; the cache as for {@code Family.forward}. */
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    if (encoder == null) {
      return alone(pass, inputs, cache, keep);
    }
    var given = head.check(inputs, BOTH);
    boolean reads = (given.has("input_ids") || given.has("inputs_embeds")) && !given.has(STATES);
    var text = reads ? text(given, keep) : null;
    var textMask = encoder.headMask(given, "head_mask");
    var shifted = shifted(given, inputs, cache);
    var checked = head.check(shifted, BOTH);
    var step = step(checked, "decoder_", head.layers(), cache, keep);
    var outputs =
        reads
            ? EncoderOutputs.of(text, step.tokens.batch(), cache)
            : outputs(checked, "attention_mask", step);
    checkSizes(step, outputs);
    try (var _ = pass.frame()) {
      var trace = trace(keep);
      var states = reads ? encode(pass.with(trace), text, textMask) : null;
      var last = reads ? tensor(states, text) : inputs.tensors().get(STATES);
      var output = run(pass, step, outputs.source(pass, states, limits.features(), cache));
      return KeptStates.withEncoder(output, last, trace);
    }
  }

  /** {@code BartForCausalLM}. */
  private Output alone(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var checked = head.check(inputs, ALONE);
    var step = step(checked, "", head.layers(), cache, keep);
    var outputs = EncoderOutputs.read(checked, step.tokens, limits.features(), cache);
    checkSizes(step, outputs);
    try (var _ = pass.frame()) {
      var source = outputs == null ? null : outputs.source(pass, null, limits.features(), cache);
      return run(pass, step, source);
    }
  }

  /** Runs the encoder alone. */
  public Output encode(Pass pass, Inputs inputs, Set<Keep> keep) {
    if (encoder == null) {
      throw notBoth();
    }
    var checked = new CheckedInputs(inputs, head.className(), ENCODER_INPUTS);
    var text = text(checked, keep);
    var headMask = encoder.headMask(checked, "head_mask");
    try (var _ = pass.frame()) {
      var traced = pass.with(trace(keep));
      var states = encode(traced, text, headMask);
      return new Output.Base(tensor(states, text), Optional.empty(), KeptStates.of(traced.trace()));
    }
  }

  /** Runs the decoder alone; the cache as for {@code Family.decode}. */
  public Output decode(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    if (encoder == null) {
      throw notBoth();
    }
    var names = Stream.concat(DECODER_INPUTS.stream(), Stream.of(EncoderOutputs.MASK)).toList();
    var checked = new CheckedInputs(inputs, head.className(), names);
    boolean generates = head.kind() == Head.CONDITIONAL_GENERATION;
    var top = generates ? head.layers() : new HeadLayers.None(null);
    var step = step(checked, "decoder_", top, cache, keep);
    var outputs = outputs(checked, EncoderOutputs.MASK, step);
    checkSizes(step, outputs);
    try (var _ = pass.frame()) {
      return run(pass, step, outputs.source(pass, null, limits.features(), cache));
    }
  }

  private static Trace trace(Set<Keep> keep) {
    return new Trace(keep.contains(Keep.HIDDEN_STATES), keep.contains(Keep.ATTENTIONS));
  }

  /** The encoder's tokens, checked. */
  private InputTokens text(CheckedInputs inputs, Set<Keep> keep) {
    var text = InputTokens.read(inputs, limits, false);
    encoder.checkSizes(text, text.length(), keep);
    return text;
  }

  /** {@code BartEncoder}: [batch * tokens, hidden] of the last layer. */
  private Matrix encode(Pass pass, InputTokens text, float[][] headMask) {
    int batch = text.batch();
    var sequences = text.unpadded(pass, true); // the states of all tokens are a result
    return encoder.run(
        pass,
        text,
        sequences,
        () -> Mask.padding(pass, text.seen(), batch, text.length()),
        mask -> Decoding.of(batch, mask, headMask));
  }

  private Tensor tensor(Matrix states, InputTokens text) {
    return states.toTensor(text.batch(), text.length(), limits.features());
  }

  private EncoderOutputs outputs(CheckedInputs inputs, String maskName, Step step) {
    int batch = step.tokens.batch();
    var outputs =
        EncoderOutputs.read(inputs, STATES, maskName, batch, limits.features(), step.cache);
    if (outputs == null) {
      throw new InputException(
          "input_ids, inputs_embeds and " + STATES + " are all missing: give one of them");
    }
    return outputs;
  }

  /** Reads the decoder's inputs, and makes room in the cache. */
  private Step step(
      CheckedInputs inputs, String prefix, HeadLayers top, KeyValueCache cache, Set<Keep> keep) {
    if (cache != null && cache.slots() > 0 && encoder != null) {
      if (!inputs.has("decoder_position_ids")) {
        throw new InputException(
            "decoder_position_ids: a cache of initCache does not count the tokens: give them");
      }
    }
    var tokens = InputTokens.read(inputs, limits, false, prefix, cache);
    var headMask = decoder.headMask(inputs, prefix + "head_mask");
    var crossMask = decoder.headMask(inputs, CROSS_MASK);
    var finish = top.prepare(inputs, tokens);
    var read = top.reads(inputs, tokens);
    if (cache != null) {
      cache.reserve(tokens.batch(), tokens.length());
    }
    return new Step(tokens, headMask, crossMask, finish, read, cache, keep);
  }

  private void checkSizes(Step step, @Nullable EncoderOutputs outputs) {
    int keys = Math.max(step.tokens.keys(), outputs == null ? 0 : outputs.tokens());
    decoder.checkSizes(step.tokens, keys, step.keep);
  }

  /** {@code BartDecoder}, and the head on top of it. */
  private Output run(Pass pass, Step step, Decoding.@Nullable Source source) {
    var tokens = step.tokens;
    int batch = tokens.batch();
    var mask =
        Mask.causal(pass, tokens.seen(), batch, tokens.length(), tokens.keys(), tokens.past());
    var traced = pass.with(trace(step.keep));
    var x =
        decoder.run(
            traced,
            tokens,
            null,
            () -> mask,
            of -> new Decoding(batch, of, step.headMask, source, step.crossHeadMask, step.cache));
    return step.finish.apply(traced, LastStates.all(x, batch).of(pass, step.read));
  }

  /**
   * The inputs with {@code decoder_input_ids}: if there are none, the labels or the text itself,
   * one token later.
   */
  private Inputs shifted(CheckedInputs checked, Inputs inputs, KeyValueCache cache) {
    if (checked.has("decoder_input_ids") || checked.has("decoder_inputs_embeds")) {
      return inputs;
    }
    boolean labelled = head.kind() == Head.CONDITIONAL_GENERATION && checked.has("labels");
    var name = labelled ? "labels" : "input_ids";
    boolean begun = cache != null && cache.tokens() > 0;
    if (!checked.has(name) || begun) {
      throw new InputException(
          "decoder_input_ids: they are missing"
              + (begun
                  ? ": give the tokens that follow the cache's"
                  : ", and input_ids too, of which they could be made: give them"));
    }
    return inputs.with("decoder_input_ids", shiftedRight(checked, name));
  }

  /**
   * {@code shift_tokens_right}: the start token, then all tokens but the last; labels that do not
   * count become padding.
   *
   * @param name an input [batch, tokens] of ids or labels
   */
  private Tensor shiftedRight(CheckedInputs inputs, String name) {
    var shape = inputs.shape(name);
    if (shape.rank() != 2) {
      throw new InputException(name + ": its shape is " + shape + ", it must be [batch, tokens]");
    }
    int[] ids = inputs.labels(name, limits.vocabulary(), "vocab_size", shape);
    int length = shape.size(1);
    var shifted = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long previous = i % length == 0 ? start : ids[i - 1];
      shifted[i] = previous == Losses.IGNORED ? padding : previous;
    }
    return Tensor.of(shifted, shape.dims());
  }
}
