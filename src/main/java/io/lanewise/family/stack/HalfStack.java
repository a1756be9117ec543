package io.lanewise.family.stack;

import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Keep;
import io.lanewise.nn.DecoderLayer;
import io.lanewise.nn.Pass;
import io.lanewise.nn.UnpaddedSequences;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.Mask;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One half of an encoder-decoder, embeddings and layers: Hugging Face's {@code BartEncoder} or
 * {@code BartDecoder}.
 *
 * @param hidden features of a state
 * @param heads of a layer
 * @param intermediate features between the feed-forward layers
 */
public record HalfStack(
    int hidden, int heads, int intermediate, Embedding embedding, List<DecoderLayer> layers) {
  /**
   * Runs this half.
   *
   * @param pass its trace keeps the states of this half
   * @param sequences where the padding is left out while the layers run; null to leave it in
   * @param mask of all tokens, where the padding is left in
   * @param call what the layers share, by the mask that they are given
   * @return [batch * tokens, hidden] of the last layer, in scratch memory
   */
  Matrix run(
      Pass pass,
      InputTokens tokens,
      @Nullable UnpaddedSequences sequences,
      Supplier<Mask> mask,
      Function<Mask, Decoding> call) {
    var rows = tokens.rows(sequences);
    var x = pass.matrix(rows.count(), hidden); // [rows, hidden]
    embedding.apply(pass, rows, x);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, of, read, y) ->
                layers.get(i).apply(traced, states, call.apply(of), i, read, y));
    return stack.run(pass, x, tokens.batch(), null, sequences, mask).states();
  }

  /** A factor for each head of each layer; null if none was given. */
  float @Nullable [][] headMask(CheckedInputs inputs, String name) {
    return inputs.headMask(name, layers.size(), heads);
  }

  /**
   * Checks that nothing that a call needs grows beyond what an array or a matrix can hold.
   *
   * @param keys that the tokens look at, the most of all attentions
   */
  void checkSizes(InputTokens tokens, int keys, Set<Keep> keep) {
    int width = Math.max(3 * hidden, intermediate);
    CheckedInputs.checkSize("the states", tokens.batch(), tokens.length(), width);
    CheckedInputs.checkSize("the attention mask", tokens.batch(), tokens.length(), keys);
    if (keep.contains(Keep.ATTENTIONS)) {
      CheckedInputs.checkSize("the attention scores", tokens.batch(), heads, tokens.length(), keys);
    }
  }
}
