package io.lanewise.family;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Keep;
import io.lanewise.nn.DecoderLayer;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionIds;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One half of BART, embeddings and layers: Hugging Face's {@code BartEncoder} or {@code
 * BartDecoder}, whose tensors have the same names.
 *
 * @param side how many layers of which size
 * @param words shared by both halves
 */
record BartStack(
    BartSizes sizes,
    BartSizes.Side side,
    EmbeddingTable words,
    EmbeddingTable positions,
    LayerNorm norm,
    List<DecoderLayer> layers) {
  /** {@code BartLearnedPositionalEmbedding} leaves two rows free, as fairseq did. */
  private static final int FIRST_POSITION = 2;

  /** Not among BART's settings: PyTorch's default. */
  private static final float EPSILON = 1e-5f;

  /**
   * Loads one half.
   *
   * @param packing of what sees this half's tokens
   * @param ofSource of what sees the other half's
   * @param at {@code encoder} or {@code decoder}
   * @param cross whether its layers look at the other half
   */
  static BartStack load(
      Packing packing,
      Packing ofSource,
      BartSizes sizes,
      BartSizes.Side side,
      EmbeddingTable words,
      Weights at,
      boolean cross) {
    int rows = sizes.positions() + FIRST_POSITION;
    var positions = EmbeddingTable.load(rows, sizes.hidden(), at.at("embed_positions"));
    var layers = new ArrayList<DecoderLayer>();
    for (int i = 0; i < side.layers(); i++) {
      layers.add(layer(packing, ofSource, sizes, side, at.at("layers." + i), cross));
    }
    return new BartStack(
        sizes, side, words, positions, norm(sizes, at, "layernorm_embedding"), List.copyOf(layers));
  }

  private static DecoderLayer layer(
      Packing packing,
      Packing ofSource,
      BartSizes sizes,
      BartSizes.Side side,
      Weights at,
      boolean cross) {
    int hidden = sizes.hidden();
    var self = at.at("self_attn");
    var other = at.at("encoder_attn");
    return new DecoderLayer(
        DenseAttention.load(
            packing,
            hidden,
            side.heads(),
            self.at("q_proj"),
            self.at("k_proj"),
            self.at("v_proj"),
            self.at("out_proj"),
            null),
        norm(sizes, at, "self_attn_layer_norm"),
        !cross
            ? null
            : CrossAttention.load(
                packing,
                ofSource,
                hidden,
                side.heads(),
                other.at("q_proj"),
                other.at("k_proj"),
                other.at("v_proj"),
                other.at("out_proj"),
                null),
        !cross ? null : norm(sizes, at, "encoder_attn_layer_norm"),
        FeedForward.load(
            packing, hidden, side.intermediate(), sizes.activation(), at.at("fc1"), at.at("fc2")),
        norm(sizes, at, "final_layer_norm"));
  }

  private static LayerNorm norm(BartSizes sizes, Weights at, String name) {
    return LayerNorm.load(sizes.hidden(), EPSILON, at.at(name));
  }

  /**
   * Runs this half.
   *
   * @param pass its trace keeps the states of this half
   * @param call whose mask says whether padding is left out while the layers run
   * @return [batch * tokens, hidden] of the last layer, in scratch memory
   */
  Matrix run(Pass pass, InputTokens tokens, Decoding call) {
    var x =
        pass.matrix(tokens.batch() * tokens.length(), sizes.hidden()); // [batch * tokens, hidden]
    embed(pass, tokens, x);
    var sequences = call.mask().sequences();
    if (sequences == null) {
      runLayers(pass, call, x);
      return x;
    }
    try (var _ = pass.frame()) {
      var y = pass.matrix(sequences.rows(), sizes.hidden()); // without the padding
      sequences.removePadding(x, y);
      runLayers(pass, call, y);
      sequences.restorePadding(y, x);
    }
    return x;
  }

  private void runLayers(Pass pass, Decoding call, Matrix x) {
    pass.trace().hiddenState(x, call.batch());
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).apply(pass, x, call, i, x);
      pass.trace().hiddenState(x, call.batch());
    }
  }

  /** {@code norm(word · scale + position)}; given embeddings are not scaled. */
  private void embed(Pass pass, InputTokens tokens, Matrix x) {
    if (tokens.ids() == null) {
      x.copyFrom(tokens.embeddings(), 0);
    } else {
      words.apply(pass, tokens.ids(), x);
      if (sizes.scaled()) {
        scale(x, (float) Math.sqrt(sizes.hidden()));
      }
    }
    positions.add(pass, positions(tokens), x);
    norm.apply(pass, x, x);
    pass.dropout().hidden(pass, x);
  }

  private static void scale(Matrix x, float factor) {
    for (int i = 0; i < x.rows(); i++) {
      var row = x.rows(i, 1).toArray();
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
      x.rows(i, 1).copyFrom(row, 0);
    }
  }

  /** Rows of the table: padding counts like any token. */
  private static int[] positions(InputTokens tokens) {
    if (tokens.positions() == null) {
      int first = FIRST_POSITION + tokens.past();
      return PositionIds.counting(tokens.batch(), tokens.length(), first);
    }
    var rows = tokens.positions().clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] += FIRST_POSITION;
    }
    return rows;
  }

  /**
   * Checks that nothing that a call needs grows beyond what an array or a matrix can hold.
   *
   * @param keys that the tokens look at, the most of all attentions
   */
  void checkSizes(InputTokens tokens, int keys, Set<Keep> keep) {
    int width = Math.max(3 * sizes.hidden(), side.intermediate());
    Request.checkSize("the states", tokens.batch(), tokens.length(), width);
    Request.checkSize("the attention mask", tokens.batch(), tokens.length(), keys);
    if (keep.contains(Keep.ATTENTIONS)) {
      Request.checkSize(
          "the attention scores", tokens.batch(), side.heads(), tokens.length(), keys);
    }
  }
}
