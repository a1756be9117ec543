package io.lanewise.model;

import io.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass gives: records with Hugging Face's field names. Tensors are on the heap and
 * outlive the model. What was not asked for is null (a tensor) or empty (a list).
 */
public sealed interface Output {
  /** As the call's {@link Reduction} says, a scalar or a vector; null without labels. */
  @Nullable Tensor loss();

  /** What was kept besides the result. */
  States states();

  /** The same result with other states beside it. */
  Output with(States newStates);

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
   * @param poolerOutput [batch, hidden]; null without a pooler
   */
  record Base(Tensor lastHiddenState, @Nullable Tensor poolerOutput, States states)
      implements Output {
    @Override
    public @Nullable Tensor loss() {
      return null;
    }

    @Override
    public Base with(States newStates) {
      return new Base(lastHiddenState, poolerOutput, newStates);
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      put(map, "last_hidden_state", lastHiddenState);
      put(map, "pooler_output", poolerOutput);
      states.put(map);
      return map;
    }
  }

  /**
   * Of masked language modelling and of decoders [batch, tokens, vocabulary], sequence
   * classification [batch, labels], token classification [batch, tokens, labels] and multiple
   * choice [batch, choices].
   */
  record Logits(@Nullable Tensor loss, Tensor logits, States states) implements Output {
    @Override
    public Logits with(States newStates) {
      return new Logits(loss, logits, newStates);
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      put(map, "loss", loss);
      put(map, "logits", logits);
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
  record Span(@Nullable Tensor loss, Tensor startLogits, Tensor endLogits, States states)
      implements Output {
    @Override
    public Span with(States newStates) {
      return new Span(loss, startLogits, endLogits, newStates);
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      put(map, "loss", loss);
      put(map, "start_logits", startLogits);
      put(map, "end_logits", endLogits);
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
      @Nullable Tensor loss,
      Tensor predictionLogits,
      Tensor sentenceLogits,
      String sentenceName,
      States states)
      implements Output {
    @Override
    public PreTraining with(States newStates) {
      return new PreTraining(loss, predictionLogits, sentenceLogits, sentenceName, newStates);
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
      var map = new LinkedHashMap<String, Tensor>();
      put(map, "loss", loss);
      put(map, "prediction_logits", predictionLogits);
      put(map, sentenceName, sentenceLogits);
      states.put(map);
      return map;
    }
  }

  private static void put(SequencedMap<String, Tensor> map, String name, Tensor tensor) {
    if (tensor != null) {
      map.put(name, tensor);
    }
  }
}
