package io.lanewise.model;

import io.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a forward pass gives: records with Hugging Face's field names. Tensors are on the heap and
 * outlive the model. What was not asked for is empty.
 *
 * <pre>{@code
 * try (var model = Model.load(folder)) {
 *   switch (model.forward(Inputs.ids(new long[][] {{2, 14, 23, 3}}), Keep.HIDDEN_STATES)) {
 *     case Output.Base base -> System.out.println(base.lastHiddenState().shape());
 *     case Output.Logits words -> System.out.println(words.logits().shape());
 *     case Output.Span span -> System.out.println(span.startLogits().shape());
 *     case Output.PreTraining both -> System.out.println(both.predictionLogits().shape());
 *   }
 * }
 * }</pre>
 */
public sealed interface Output {
  /** As the call's {@link Inputs.Reduction} says, a scalar or a vector; empty without labels. */
  Optional<Tensor> loss();

  /** What was kept besides the result. */
  States states();

  /**
   * The result's own fields by Hugging Face's names, in its order, absent ones left out; lists as
   * {@code name.0}, {@code name.1}.
   */
  SequencedMap<String, Tensor> tensors();

  /**
   * [batch, tokens, hidden] of the embeddings and of each layer; empty unless {@link
   * Keep#HIDDEN_STATES}.
   */
  default List<Tensor> hiddenStates() {
    return states().hiddenStates();
  }

  /**
   * [batch, heads, tokens, keys] of each layer, after the softmax; empty unless {@link
   * Keep#ATTENTIONS}.
   */
  default List<Tensor> attentions() {
    return states().attentions();
  }

  /**
   * Of a model without head, or of an encoder alone.
   *
   * @param lastHiddenState [batch, tokens, hidden]
   * @param poolerOutput [batch, hidden]; empty without a pooler
   */
  record Base(Tensor lastHiddenState, Optional<Tensor> poolerOutput, States states)
      implements Output {
    @Override
    public Optional<Tensor> loss() {
      return Optional.empty();
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      map.put("last_hidden_state", lastHiddenState);
      poolerOutput.ifPresent(pooled -> map.put("pooler_output", pooled));
      states.put(map);
      return map;
    }
  }

  /**
   * Of masked language modelling and of decoders [batch, tokens, vocabulary], sequence
   * classification [batch, labels], token classification [batch, tokens, labels] and multiple
   * choice [batch, choices].
   */
  record Logits(Optional<Tensor> loss, Tensor logits, States states) implements Output {
    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      loss.ifPresent(value -> map.put("loss", value));
      map.put("logits", logits);
      states.put(map);
      return map;
    }
  }

  /**
   * Of question answering.
   *
   * @param startLogits [batch, tokens]
   * @param endLogits [batch, tokens]
   */
  record Span(Optional<Tensor> loss, Tensor startLogits, Tensor endLogits, States states)
      implements Output {
    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      loss.ifPresent(value -> map.put("loss", value));
      map.put("start_logits", startLogits);
      map.put("end_logits", endLogits);
      states.put(map);
      return map;
    }
  }

  /**
   * Of pre-training.
   *
   * @param predictionLogits [batch, tokens, vocabulary]
   * @param sentenceLogits [batch, 2]
   * @param sentenceName what the family calls them: {@code sop_logits} or {@code
   *     seq_relationship_logits}
   */
  record PreTraining(
      Optional<Tensor> loss,
      Tensor predictionLogits,
      Tensor sentenceLogits,
      String sentenceName,
      States states)
      implements Output {
    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      loss.ifPresent(value -> map.put("loss", value));
      map.put("prediction_logits", predictionLogits);
      map.put(sentenceName, sentenceLogits);
      states.put(map);
      return map;
    }
  }

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
   * @param encoder what the encoder of an encoder-decoder left; empty in all other models
   */
  record States(
      List<PastKeyValues> past,
      List<Tensor> hiddenStates,
      List<Tensor> attentions,
      List<Tensor> crossAttentions,
      List<Tensor> globalAttentions,
      Optional<Encoder> encoder) {
    /**
     * The encoder's part of an encoder-decoder.
     *
     * @param lastHiddenState [batch, source tokens, hidden]; empty where a cache made it
     *     unnecessary
     * @param hiddenStates as those of the decoder
     * @param attentions as those of the decoder
     */
    public record Encoder(
        Optional<Tensor> lastHiddenState, List<Tensor> hiddenStates, List<Tensor> attentions) {
      private void put(SequencedMap<String, Tensor> map) {
        lastHiddenState.ifPresent(last -> map.put("encoder_last_hidden_state", last));
        putAll(map, "encoder_hidden_states.", hiddenStates);
        putAll(map, "encoder_attentions.", attentions);
      }
    }

    /** Adds them by Hugging Face's names; those of a decoder beside an encoder say so. */
    private void put(SequencedMap<String, Tensor> map) {
      var prefix = encoder.isEmpty() ? "" : "decoder_";
      PastKeyValues.put(past, map);
      putAll(map, prefix + "hidden_states.", hiddenStates);
      putAll(map, prefix + "attentions.", attentions);
      putAll(map, "cross_attentions.", crossAttentions);
      putAll(map, "global_attentions.", globalAttentions);
      encoder.ifPresent(own -> own.put(map));
    }

    private static void putAll(
        SequencedMap<String, Tensor> map, String name, List<Tensor> tensors) {
      for (int i = 0; i < tensors.size(); i++) {
        map.put(name + i, tensors.get(i));
      }
    }
  }

  /**
   * What a decoder remembers in one layer, {@code past_key_values[layer]} of Hugging Face's PyTorch
   * classes. As inputs and outputs they are called {@code past_key_values.0.key}, {@code
   * past_key_values.0.value}, {@code past_key_values.0.cross_key} and so on.
   *
   * @param key [batch, heads, tokens, headSize]
   * @param value the same
   * @param crossKey [batch, heads, source tokens, headSize]; empty without cross attention
   * @param crossValue the same
   */
  record PastKeyValues(
      Tensor key, Tensor value, Optional<Tensor> crossKey, Optional<Tensor> crossValue) {
    private static final String NAME = "past_key_values.";

    /** Adds the layers to outputs or inputs, by their names. */
    private static void put(List<PastKeyValues> layers, SequencedMap<String, Tensor> tensors) {
      for (int i = 0; i < layers.size(); i++) {
        var layer = layers.get(i);
        var name = NAME + i;
        tensors.put(name + ".key", layer.key);
        tensors.put(name + ".value", layer.value);
        layer.crossKey.ifPresent(cross -> tensors.put(name + ".cross_key", cross));
        layer.crossValue.ifPresent(cross -> tensors.put(name + ".cross_value", cross));
      }
    }
  }
}
