package io.lanewise.model;

import io.lanewise.nn.Trace;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a pass leaves besides its result. All lists are empty unless they were asked for.
 *
 * @param past of each layer of a decoder; {@link Keep#PAST_KEY_VALUES}
 * @param hiddenStates [batch, tokens, hidden] of the embeddings and of each layer; {@link
 *     Keep#HIDDEN_STATES}
 * @param attentions [batch, heads, tokens, keys] of each layer, after the softmax; {@link
 *     Keep#ATTENTIONS}
 * @param crossAttentions [batch, heads, tokens, source tokens] of each layer of a decoder that
 *     looks at an encoder; {@link Keep#ATTENTIONS}
 * @param globalAttentions [batch, heads, tokens, global tokens] of each layer of windowed
 *     attention, what the global tokens look at; {@link Keep#ATTENTIONS}
 * @param encoder what the encoder of an encoder-decoder left; null in all other models
 */
public record States(
    List<PastKeyValues> past,
    List<Tensor> hiddenStates,
    List<Tensor> attentions,
    List<Tensor> crossAttentions,
    List<Tensor> globalAttentions,
    @Nullable Encoder encoder) {
  /**
   * The encoder's part of an encoder-decoder.
   *
   * @param lastHiddenState [batch, source tokens, hidden]; null where a cache made it unnecessary
   * @param hiddenStates as those of the decoder
   * @param attentions as those of the decoder
   */
  public record Encoder(
      @Nullable Tensor lastHiddenState, List<Tensor> hiddenStates, List<Tensor> attentions) {}

  /** What one stack of layers left. */
  public static States of(Trace trace) {
    return new States(
        List.of(),
        trace.hiddenStates(),
        trace.attentions(),
        trace.crossAttentions(),
        trace.globalAttentions(),
        null);
  }

  public States withPast(List<PastKeyValues> newPast) {
    return new States(
        newPast, hiddenStates, attentions, crossAttentions, globalAttentions, encoder);
  }

  public States withEncoder(Encoder newEncoder) {
    return new States(
        past, hiddenStates, attentions, crossAttentions, globalAttentions, newEncoder);
  }

  /** Adds them by Hugging Face's names; those of a decoder beside an encoder say so. */
  void put(SequencedMap<String, Tensor> map) {
    var prefix = encoder == null ? "" : "decoder_";
    PastKeyValues.put(past, map);
    putAll(map, prefix + "hidden_states.", hiddenStates);
    putAll(map, prefix + "attentions.", attentions);
    putAll(map, "cross_attentions.", crossAttentions);
    putAll(map, "global_attentions.", globalAttentions);
    if (encoder != null) {
      if (encoder.lastHiddenState != null) {
        map.put("encoder_last_hidden_state", encoder.lastHiddenState);
      }
      putAll(map, "encoder_hidden_states.", encoder.hiddenStates);
      putAll(map, "encoder_attentions.", encoder.attentions);
    }
  }

  private static void putAll(SequencedMap<String, Tensor> map, String name, List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      map.put(name + i, tensors.get(i));
    }
  }
}
