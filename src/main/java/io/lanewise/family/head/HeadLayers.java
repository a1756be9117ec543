package io.lanewise.family.head;

import io.lanewise.InputException;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.model.Output;
import io.lanewise.model.States;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a {@link io.lanewise.model.Head}, and the result they make of the body's states.
 * Those that several families have are here; {@link HeadSource} loads them by the names that a
 * family says. A family whose head is like no other writes it into its own file.
 */
public interface HeadLayers {
  /** The second half of a call, when the labels are known to be good. */
  @FunctionalInterface
  interface Finish {
    /**
     * Makes the result.
     *
     * @param last the states of {@link HeadLayers#reads}
     */
    Output apply(Pass pass, LastStates last);
  }

  /** Names of the labels that the head understands. */
  List<String> labels();

  /** Checks the labels of a call. */
  Finish prepare(CheckedInputs inputs, InputTokens tokens);

  /**
   * The tokens whose states the head reads; null for all. Those that a caller asked for, unless the
   * head says otherwise.
   *
   * @throws InputException if the caller asked for what cannot be
   */
  default ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
    return inputs.readTokens(tokens.batch(), tokens.length(), labels());
  }

  /**
   * Whether somebody may see what became of the padding, so that it has to go through the layers.
   */
  default boolean readsPadding() {
    return true;
  }

  /**
   * No head.
   *
   * @param pooler null if there is none
   */
  record None(@Nullable SequenceVector pooler) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      boolean pools = pooler != null && inputs.reading().pooler();
      return (pass, last) -> {
        Tensor pooled = null;
        if (pools) {
          pooled = pooler.of(pass, last).toTensor(last.batch(), last.hidden());
        }
        return new Output.Base(last.tensor(), pooled, States.of(pass.trace()));
      };
    }
  }

  /** The result of most heads. */
  static Output logits(Pass pass, @Nullable Tensor loss, Tensor logits) {
    return new Output.Logits(loss, logits, States.of(pass.trace()));
  }
}
