package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.Losses;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.kernel.Activation;
import io.lanewise.tensor.Tensor;

/**
 * The settings of BART; the defaults are those of Hugging Face's {@code BartConfig}.
 *
 * @param positions longest sequence, of the encoder and of the decoder
 * @param scaled whether embeddings of words are multiplied by √hidden
 * @param tied whether the words of the output are those of the input
 * @param padding id of the padding token
 * @param start id of the token that the decoder starts with
 * @param end id of the token that a sequence ends with
 */
record BartSizes(
    int vocabulary,
    int hidden,
    int positions,
    Activation activation,
    boolean scaled,
    boolean tied,
    int padding,
    int start,
    int end,
    Side encoder,
    Side decoder) {
  /** The layers of one half. */
  record Side(int layers, int heads, int intermediate) {
    static Side of(Config config, String name, int hidden) {
      var headsKey = name + "_attention_heads";
      var side =
          new Side(
              config.positive(name + "_layers", 12, FamilySettings.MOST_LAYERS),
              config.positive(headsKey, 16),
              config.positive(name + "_ffn_dim", 4096));
      if (hidden % side.heads != 0) {
        throw config.wrong(headsKey, side.heads + " heads do not divide d_model " + hidden);
      }
      return side;
    }
  }

  static BartSizes of(Config config) {
    int vocabulary = config.positive("vocab_size", 50265);
    int hidden = config.positive("d_model", 1024);
    return new BartSizes(
        vocabulary,
        hidden,
        config.positive("max_position_embeddings", 1024),
        FamilySettings.activation(config, "activation_function", "gelu"),
        config.bool("scale_embedding", false),
        config.bool("tie_word_embeddings", true),
        config.bounded("pad_token_id", 1, 0, vocabulary - 1),
        config.bounded("decoder_start_token_id", 2, 0, vocabulary - 1),
        config.bounded("eos_token_id", 2, 0, vocabulary - 1),
        Side.of(config, "encoder", hidden),
        Side.of(config, "decoder", hidden));
  }

  /**
   * {@code shift_tokens_right}: the start token, then all tokens but the last; labels that do not
   * count become padding.
   *
   * @param name an input [batch, tokens] of ids or labels
   */
  Tensor shiftedRight(CheckedInputs request, String name) {
    var shape = request.shape(name);
    if (shape.rank() != 2) {
      throw new InputException(name + ": its shape is " + shape + ", it must be [batch, tokens]");
    }
    int[] ids = request.labels(name, vocabulary, "vocab_size", shape);
    int length = shape.size(1);
    var shifted = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long previous = i % length == 0 ? start : ids[i - 1];
      shifted[i] = previous == Losses.IGNORED ? padding : previous;
    }
    return Tensor.of(shifted, shape.dims());
  }
}
