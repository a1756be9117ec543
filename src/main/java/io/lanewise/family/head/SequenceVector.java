package io.lanewise.family.head;

import io.lanewise.InputException;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.Pooler;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The vector of a sequence that a classification reads: Hugging Face's pooled output. */
public interface SequenceVector {
  /** The tokens whose states it is made of; null for all. */
  @Nullable ReadTokens tokens(CheckedInputs inputs, InputTokens tokens);

  /**
   * The same, for a call that reads no other tokens.
   *
   * @throws InputException if the caller asked for tokens
   */
  default @Nullable ReadTokens read(CheckedInputs inputs, InputTokens tokens) {
    if (inputs.reading().tokens() != null) {
      throw new InputException(
          "this head gives a result for a sequence, not for each token: leave out which to read");
    }
    return tokens(inputs, tokens);
  }

  /** Whether it is made of the padding's states too. */
  default boolean readsPadding() {
    return false;
  }

  /**
   * Makes it.
   *
   * @param last the states of {@link #tokens}, or of all tokens
   * @return [batch, features], in scratch memory
   */
  Matrix of(Pass pass, LastStates last);

  /** The first token, through a pooler: {@code BertPooler}. */
  record FirstToken(Pooler pooler) implements SequenceVector {
    @Override
    public ReadTokens tokens(CheckedInputs inputs, InputTokens tokens) {
      return ReadTokens.first(tokens.batch(), tokens.length());
    }

    @Override
    public Matrix of(Pass pass, LastStates last) {
      return pooled(pass, pooler, last);
    }
  }

  /**
   * The last end token, through a pooler: {@code BartForSequenceClassification}. Every sequence
   * must have as many end tokens as the others, as Hugging Face asks.
   *
   * @param name of the ids among the inputs
   * @param vocabulary ids are below it
   * @param end id of the end token
   */
  record LastEndToken(String name, int vocabulary, int end, Pooler pooler)
      implements SequenceVector {
    @Override
    public ReadTokens tokens(CheckedInputs inputs, InputTokens tokens) {
      if (!inputs.has(name)) {
        throw new InputException(
            name + ": they are missing; this head finds its place by their end tokens");
      }
      var shape = Shape.of(tokens.batch(), tokens.length());
      int[] ids = inputs.integers(name, vocabulary, "vocab_size", shape);
      var positions = new int[tokens.batch()][1];
      var counts = new int[tokens.batch()];
      for (int i = 0; i < ids.length; i++) {
        if (ids[i] == end) {
          positions[i / tokens.length()][0] = i % tokens.length();
          counts[i / tokens.length()]++;
        }
      }
      if (counts[0] == 0 || Arrays.stream(counts).distinct().count() > 1) {
        throw new InputException(
            name
                + ": each sequence needs the same number of end tokens (eos_token_id "
                + end
                + "), at least one; found "
                + Arrays.toString(Arrays.copyOf(counts, Math.min(8, counts.length))));
      }
      return ReadTokens.at(positions, tokens.length());
    }

    @Override
    public Matrix of(Pass pass, LastStates last) {
      return pooled(pass, pooler, last);
    }
  }

  /** Of each sequence the first state, pooled: there are those of all tokens, or only this one. */
  private static Matrix pooled(Pass pass, Pooler pooler, LastStates last) {
    var pooled = pass.matrix(last.batch(), last.hidden()); // [batch, hidden]
    pooler.apply(pass, last.states(), last.batch(), pooled);
    return pooled;
  }
}
