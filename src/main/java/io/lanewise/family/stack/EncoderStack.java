package io.lanewise.family.stack;

import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.attention.Mask;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a family that is an encoder and nothing else, one after the other, with the way
 * from inputs to the head around them.
 *
 * @param hidden features of a state
 * @param heads heads of a layer
 * @param widest features of the widest matrix of a layer, such as 3 * hidden
 * @param leavesOut whether the padding may be left out; not where whole sequences have scores of
 *     their distances
 * @param rotation how attention turns queries and keys; null where it does not
 */
public record EncoderStack(
    List<Layer> layers,
    int hidden,
    int heads,
    int widest,
    boolean leavesOut,
    BertStack.@Nullable RotationOf rotation) {
  /** One layer, such as {@link io.lanewise.nn.EncoderLayer}. */
  @FunctionalInterface
  public interface Layer {
    /**
     * Applies it.
     *
     * @param x [batch * tokens, hidden]
     * @param headMask [heads]; null for none
     * @param read the tokens that are read; null for all
     * @param y [read, hidden], written; may be x where all are read
     */
    void apply(
        Pass pass,
        Matrix x,
        int batch,
        Mask mask,
        float @Nullable [] headMask,
        @Nullable ReadTokens read,
        Matrix y);
  }

  /**
   * Runs a call: checks, embeddings, layers, head.
   *
   * @param names of the inputs that the embeddings take; labels come on top
   */
  public Output forward(
      Pass pass,
      ModelHead head,
      List<String> names,
      InputTokens.Limits limits,
      Inputs given,
      Set<Keep> keep,
      Embedding embedding) {
    var inputs = head.check(given, names);
    var tokens = InputTokens.read(inputs, limits, head.hasChoices());
    int length = tokens.length();
    CheckedInputs.checkSize("the states", tokens.batch(), length, widest);
    if (keep.contains(Keep.ATTENTIONS) || !leavesOut) {
      CheckedInputs.checkSize("the attention scores", tokens.batch(), heads, length, length);
    }
    return EncoderCall.of(head, inputs, tokens, null)
        .run(pass, keep, (traced, call) -> encode(traced, call, embedding));
  }

  private LastStates encode(Pass pass, EncoderCall call, Embedding embedding) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    var sequences = leavesOut ? call.unpadded(pass) : null;
    var rows = tokens.rows(sequences);
    var x = pass.matrix(rows.count(), hidden); // [rows, hidden]
    embedding.apply(pass, rows, x);
    var turns = rotation == null ? null : rotation.of(pass, tokens);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, plain, read, y) -> {
              var mask = turns == null ? plain : plain.withRotation(turns);
              layers.get(i).apply(traced, states, batch, mask, null, read, y);
            });
    return stack.run(
        pass,
        x,
        batch,
        call.read(),
        sequences,
        () -> Mask.padding(pass, tokens.seen(), batch, tokens.length()));
  }
}
