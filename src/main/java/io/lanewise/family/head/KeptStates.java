package io.lanewise.family.head;

import io.lanewise.model.Output;
import io.lanewise.model.Output.PastKeyValues;
import io.lanewise.nn.Trace;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts what a pass keeps beside its result. */
public final class KeptStates {
  private KeptStates() {}

  /** What one stack of layers left. */
  public static Output.States of(Trace trace) {
    return new Output.States(
        List.of(),
        trace.hiddenStates(),
        trace.attentions(),
        trace.crossAttentions(),
        trace.globalAttentions(),
        Optional.empty());
  }

  /** The output with the past of its decoder's layers. */
  public static Output withPast(Output output, List<PastKeyValues> past) {
    var states = output.states();
    return with(
        output,
        new Output.States(
            past,
            states.hiddenStates(),
            states.attentions(),
            states.crossAttentions(),
            states.globalAttentions(),
            states.encoder()));
  }

  /**
   * The output with what its encoder left.
   *
   * @param last its last hidden state; null where a cache made it unnecessary
   */
  public static Output withEncoder(Output output, @Nullable Tensor last, Trace trace) {
    var states = output.states();
    var encoder =
        new Output.States.Encoder(
            Optional.ofNullable(last), trace.hiddenStates(), trace.attentions());
    return with(
        output,
        new Output.States(
            states.past(),
            states.hiddenStates(),
            states.attentions(),
            states.crossAttentions(),
            states.globalAttentions(),
            Optional.of(encoder)));
  }

  private static Output with(Output output, Output.States states) {
    return switch (output) {
      case Output.Base base -> new Output.Base(base.lastHiddenState(), base.poolerOutput(), states);
      case Output.Logits words -> new Output.Logits(words.loss(), words.logits(), states);
      case Output.Span span ->
          new Output.Span(span.loss(), span.startLogits(), span.endLogits(), states);
      case Output.PreTraining both ->
          new Output.PreTraining(
              both.loss(),
              both.predictionLogits(),
              both.sentenceLogits(),
              both.sentenceName(),
              states);
    };
  }
}
