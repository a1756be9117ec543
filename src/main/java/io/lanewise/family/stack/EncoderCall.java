package io.lanewise.family.stack;

import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.Trace;
import io.lanewise.nn.UnpaddedSequences;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model with one stack of layers: the inputs, checked with those of the head, and the
 * way from the last states to the result.
 *
 * @param headMask [layers][heads]; null for none
 * @param read the tokens whose last states the head reads; null for all
 * @param finish makes the result of them
 */
public record EncoderCall(
    ModelHead head,
    InputTokens tokens,
    float @Nullable [][] headMask,
    @Nullable ReadTokens read,
    HeadLayers.Finish finish) {
  /** What a family does between the inputs and the head. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs embeddings and layers.
     *
     * @param pass whose trace keeps what the caller asked for
     * @return the states of {@link #read}
     */
    LastStates apply(Pass pass, EncoderCall call);
  }

  /** A call whose head finds its labels good. */
  public static EncoderCall of(
      ModelHead head, CheckedInputs inputs, InputTokens tokens, float @Nullable [][] headMask) {
    var finish = head.layers().prepare(inputs, tokens);
    var read = head.layers().reads(inputs, tokens);
    return new EncoderCall(head, tokens, headMask, read, finish);
  }

  /** Runs the body, then the head. */
  public Output run(Pass pass, Set<Keep> keep, Body body) {
    var trace = new Trace(keep.contains(Keep.HIDDEN_STATES), keep.contains(Keep.ATTENTIONS));
    var traced = pass.with(trace);
    try (var _ = pass.frame()) {
      return finish.apply(traced, body.apply(traced, this));
    }
  }

  /** The sequences without their padding; null if it has to go through the layers. */
  public @Nullable UnpaddedSequences unpadded(Pass pass) {
    var sequences = tokens.unpadded(pass, head.layers().readsPadding());
    boolean readsPadding = sequences != null && read != null && read.in(sequences) == null;
    return readsPadding ? null : sequences;
  }

  /** The factors of the heads of a layer; null for none. */
  public float @Nullable [] headMask(int layer) {
    return headMask == null ? null : headMask[layer];
  }
}
